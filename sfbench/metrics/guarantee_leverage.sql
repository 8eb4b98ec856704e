-- id: guarantee_leverage
-- measure: 14
-- zh: 担保放大倍数
-- en: Guarantee leverage
-- period: quarter
-- component: leverage | ratio | not additive | 融资担保放大倍数 | Weighted liability over net assets
-- component: leverage_own | ratio | not additive | 扣除分出责任后的放大倍数 | The same on the guarantor's own share
-- component: weighted_liability | CNY 100m | additive | 融资担保责任余额 | Weighted financing-guarantee liability
-- component: net_assets | CNY 100m | additive | 净资产 | Net assets
-- component: above_limit | count | not additive | 超过放大倍数上限的机构数 | Guarantors above their own limit
-- cuts: total, guarantor
-- direction: none
-- target: <=10
-- source: metrics.csv: weighted financing-guarantee liability / net assets. Decided where it is silent: guarantors
--   with a yearly report by the quarter's end, the latest of which gives net assets and the guarantor's limit;
--   contracts in force and bonds guaranteed and not redeemed, in default or not. Weights of the measuring rules for
--   financing guarantors (CBIRC rules of 2018, No. 1): 75 % for small borrowers with at most CNY 5 million at the
--   guarantor, 80 % for bonds of issuers rated AA or better, else 100 %. leverage_own takes the guarantor's own share
--   of contracts. The target of 10 is judged on the city, each guarantor's own limit by above_limit.
-- source_zh: 加权融资担保责任余额除以净资产。补充口径：取截至季末有年报的担保机构，净资产和放大倍数上限取最近一次年报；
--   对象为在保合同和已担保未兑付债券（含违约债券）。权重依《融资担保责任余额计量办法》（银保监发〔2018〕1号）：单户在
--   保500万元及以下的小微企业75%，主体信用评级AA级及以上的债券80%，其余100%。扣除分出责任口径只取担保机构自身份额。目
--   标10倍按全市判断，各机构自身上限见超限机构数。
-- needs: month(month), institution(institution_id, kind), institution_year(institution_id, year_end, net_assets,
--   multiple_limit), bond(guarantor_id, issued_on, redeemed_on, amount, issuer_rating), guarantee_quarter

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
guarantor AS (
    SELECT period, institution_year.institution_id AS guarantor_id, net_assets, multiple_limit
    FROM quarter
    JOIN institution_year ON year_end <= period
    JOIN institution ON institution.institution_id = institution_year.institution_id
    WHERE kind = 'guarantor'
    QUALIFY ROW_NUMBER() OVER (PARTITION BY period, institution_year.institution_id ORDER BY year_end DESC) = 1
),
-- A borrower's contracts at a guarantor: up to CNY 5 million in sum, those of a small or micro firm weigh 75 %.
borrower AS (
    SELECT
        quarter AS period,
        guarantor_id,
        SUM(guaranteed_amount) AS amount,
        SUM(own_amount) AS own_amount,
        SUM(CASE WHEN small THEN guaranteed_amount ELSE 0 END) AS small_amount,
        SUM(CASE WHEN small THEN own_amount ELSE 0 END) AS small_own_amount
    FROM guarantee_quarter
    GROUP BY quarter, guarantor_id, enterprise_id
),
contract_sum AS (
    SELECT
        period,
        guarantor_id,
        SUM(amount) AS amount,
        SUM(own_amount) AS own_amount,
        SUM(CASE WHEN amount <= 5000000 THEN small_amount ELSE 0 END) AS lighter_amount,
        SUM(CASE WHEN amount <= 5000000 THEN small_own_amount ELSE 0 END) AS lighter_own_amount
    FROM borrower
    GROUP BY period, guarantor_id
),
weighted_bond AS (
    SELECT
        guarantor_id,
        issued_on,
        redeemed_on,
        CASE WHEN issuer_rating IN ('AAA', 'AA_PLUS', 'AA') THEN 0.80 * amount ELSE amount END AS weighted
    FROM bond
),
liability AS (
    SELECT
        period,
        guarantor_id,
        amount - 0.25 * lighter_amount AS weighted,
        own_amount - 0.25 * lighter_own_amount AS own_weighted
    FROM contract_sum
    UNION ALL
    SELECT period, guarantor_id, weighted, weighted
    FROM quarter
    JOIN weighted_bond ON issued_on <= period AND (redeemed_on IS NULL OR redeemed_on > period)
),
guarantor_liability AS (
    SELECT period, guarantor_id, SUM(weighted) AS weighted, SUM(own_weighted) AS own_weighted
    FROM liability
    GROUP BY period, guarantor_id
),
position AS (
    SELECT
        period,
        guarantor_id,
        net_assets,
        COALESCE(weighted, 0) AS weighted,
        COALESCE(own_weighted, 0) AS own_weighted,
        weighted > multiple_limit * net_assets AS above
    FROM guarantor
    LEFT JOIN guarantor_liability USING (period, guarantor_id)
),
sums AS (
    SELECT
        period,
        CASE WHEN GROUPING(guarantor_id) = 1 THEN 'total' ELSE 'guarantor' END AS cut,
        COALESCE(CAST(guarantor_id AS VARCHAR), 'total') AS cut_value,
        COALESCE(SUM(net_assets), 0) AS net_assets,
        COALESCE(SUM(weighted), 0) AS weighted,
        COALESCE(SUM(own_weighted), 0) AS own_weighted,
        CASE WHEN GROUPING(guarantor_id) = 1 THEN COUNT(*) FILTER (WHERE above) END AS above_limit
    FROM quarter
    LEFT JOIN position USING (period)
    GROUP BY GROUPING SETS ((period), (period, guarantor_id))
    HAVING cut = 'total' OR guarantor_id IS NOT NULL
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        CAST(weighted AS DOUBLE) / NULLIF(CAST(net_assets AS DOUBLE), 0) AS leverage,
        CAST(own_weighted AS DOUBLE) / NULLIF(CAST(net_assets AS DOUBLE), 0) AS leverage_own,
        CAST(weighted AS DOUBLE) / 1e8 AS weighted_liability,
        CAST(net_assets AS DOUBLE) / 1e8 AS net_assets,
        CAST(above_limit AS DOUBLE) AS above_limit
    FROM sums
)
SELECT
    period,
    cut,
    cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (
    value FOR component IN (leverage, leverage_own, weighted_liability, net_assets, above_limit)
)
WHERE cut = 'total' OR value IS NOT NULL
