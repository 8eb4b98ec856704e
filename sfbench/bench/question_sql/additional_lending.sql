-- zh: 政策贷款中的净增比例
-- en: The share of lending under a policy that it added
-- asks: of the yuan granted in the span to firms whom the policy reached, the share that they would not have been granted without it
-- task: indicator
-- tables: loan
-- naive: gross_lending

WITH reached AS (SELECT enterprise_id FROM register WHERE starts_on IS NOT NULL),

lent AS (
    SELECT
        (SELECT SUM(amount_rmb) FROM real.loan JOIN reached USING (enterprise_id) WHERE granted_on BETWEEN $first AND $last)
            AS now,
        (SELECT SUM(amount_rmb) FROM twin.loan JOIN reached USING (enterprise_id) WHERE granted_on BETWEEN $first AND $last)
            AS without
)

SELECT 1 - CAST(without AS DOUBLE) / CAST(now AS DOUBLE) AS value
FROM lent
