-- zh: 最终修订后的科技贷款
-- en: Tech loans as they are finally released
-- asks: tech loans of all banks at the last quarter end of the span in yuan, after all revisions of its releases, with an interval
-- task: indicator
-- tables: bank_release
-- sees: known
-- errors: relative
-- naive: first_release

SELECT SUM(CAST(tech_loans AS DOUBLE)) AS value
FROM (
    SELECT MAX_BY(tech_loans, vintage) AS tech_loans
    FROM real.bank_release
    WHERE period_end = $last
    GROUP BY institution_id
)
