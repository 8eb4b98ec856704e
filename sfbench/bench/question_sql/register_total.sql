-- zh: 多登记簿合计敞口(去重)
-- en: Exposure that the registers show, each note once
-- asks: yuan granted under notes of the span that any register shows, each note counted once at what was granted
-- task: indicator
-- tables: register_entry
-- also: register_link, loan
-- errors: relative
-- naive: register_sum

SELECT CAST(SUM(amount_rmb) AS DOUBLE) AS value
FROM real.loan
WHERE granted_on BETWEEN $first AND $last
    AND loan_id IN (SELECT loan_id FROM real.register_link)
