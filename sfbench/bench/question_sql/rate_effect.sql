-- zh: 降价政策对新发放贷款利率的影响
-- en: What a policy does to the rate of new loans
-- asks: by how many points the policy changed the mean rate of the notes granted in the span, weighted by amount
-- task: indicator
-- tables: loan
-- naive: mean_rate_change

SELECT
    (SELECT SUM(CAST(grant_rate AS DOUBLE) * CAST(amount_rmb AS DOUBLE)) / SUM(CAST(amount_rmb AS DOUBLE))
        FROM real.loan WHERE granted_on BETWEEN $first AND $last)
    - (SELECT SUM(CAST(grant_rate AS DOUBLE) * CAST(amount_rmb AS DOUBLE)) / SUM(CAST(amount_rmb AS DOUBLE))
        FROM twin.loan WHERE granted_on BETWEEN $first AND $last) AS value
