-- id: cluster_loan_balance
-- measure: 2
-- zh: 重点集群贷款余额
-- en: Loans by advanced cluster
-- period: month
-- component: balance | CNY 100m | additive | 余额(按实际投向) | Balance by actual use
-- component: future_balance | CNY 100m | additive | 其中未来产业 | of it in future industries
-- component: borrower_balance | CNY 100m | additive | 余额(按借款人) | Balance by borrower
-- cuts: total, cluster, bank_type
-- direction: up
-- source: metrics.csv: balance by actual use in each 20+8 cluster; future industries shown apart; each note once.
--   Decided where it is silent: no table gives the cluster of a use, so a note is used in its borrower's cluster (the
--   list of 2024, for all months) if it is used in the borrower's own trade, else in none. borrower_balance is all
--   notes of borrowers with a cluster, whatever the use. Borrowers out of the city are in it.
-- source_zh: 按实际投向计的各“20+8”产业集群贷款余额，未来产业单列，每笔借据只计一次。补充口径：各表未载投向所属集群，
--   故投向借款人本行业的借据归入借款人所在集群（各月均按2024年目录），否则不归入任何集群。按借款人口径取有集群的借款
--   人的全部借据，不论投向。含市外借款人。
-- needs: month(month), cluster(cluster_id, layer), institution(institution_id, bank_type), loan_use_month

WITH cluster_sum AS (
    SELECT month, cluster_id, layer, bank_type, own_trade, SUM(balance_rmb) AS balance_rmb
    FROM loan_use_month
    LEFT JOIN cluster USING (cluster_id)
    LEFT JOIN institution USING (institution_id)
    WHERE cluster_id IS NOT NULL
    GROUP BY month, cluster_id, layer, bank_type, own_trade
),
amount AS (
    SELECT month, cluster_id, bank_type, 'balance' AS component, balance_rmb
    FROM cluster_sum
    WHERE own_trade
    UNION ALL
    SELECT month, cluster_id, bank_type, 'future_balance', balance_rmb
    FROM cluster_sum
    WHERE own_trade AND layer = 'future'
    UNION ALL
    SELECT month, cluster_id, bank_type, 'borrower_balance', balance_rmb
    FROM cluster_sum
),
level AS (
    SELECT month, 'total' AS cut, 'total' AS cut_value, component, COALESCE(SUM(balance_rmb), 0) AS balance_rmb
    FROM month
    CROSS JOIN (VALUES ('balance'), ('future_balance'), ('borrower_balance')) AS components (component)
    LEFT JOIN amount USING (month, component)
    GROUP BY month, component
    UNION ALL
    SELECT month, 'cluster', CAST(cluster_id AS VARCHAR), component, SUM(balance_rmb)
    FROM amount
    GROUP BY month, cluster_id, component
    UNION ALL
    SELECT month, 'bank_type', bank_type, component, SUM(balance_rmb)
    FROM amount
    WHERE bank_type IS NOT NULL
    GROUP BY month, bank_type, component
)
SELECT month AS period, cut, cut_value, component, CAST(balance_rmb AS DOUBLE) / 1e8 AS value, NULL AS scope_version
FROM level
