-- id: incentive_adoption
-- measure: 9
-- zh: 激励机制落实率
-- en: Adoption of incentives
-- period: year
-- component: adoption | % | not additive | 三项机制齐备的银行占比 | Banks with all three incentives
-- component: mean_ftp_cut | bp | not additive | 平均内部资金优惠(全部银行) | Mean cut of the funds price, all banks
-- component: mean_ftp_cut_adopters | bp | not additive | 平均内部资金优惠(有优惠的银行) | Mean cut of the funds price, banks with one
-- cuts: total, bank_type
-- direction: up
-- source: metrics.csv: banks with a funds-price cut, a target weight and an exemption rule. Decided where it is silent:
--   banks founded by the year end, each with the policy in force that day; one without a policy has no incentive; the
--   means are unweighted, over all banks (none as 0) and over those with a cut.
-- source_zh: 内部资金转移定价优惠、考核权重和免责规定三项齐备的银行占比。补充口径：取年末前成立的银行，以当日有效的政
--   策为准，无政策的视为没有激励；均值不加权，分全部银行（无优惠计0）和有优惠的银行两种。
-- needs: month(month), institution(institution_id, kind, bank_type, founded_on), bank_policy(institution_id,
--   valid_from, valid_to, ftp_cut_bp, kpi_weight, exemption_rule)

WITH year_end AS (
    SELECT month AS year_end FROM month WHERE MONTH(month) = 12
),
bank AS (
    SELECT
        year_end,
        bank_type,
        COALESCE(ftp_cut_bp, 0) AS ftp_cut_bp,
        COALESCE(ftp_cut_bp > 0 AND kpi_weight > 0 AND exemption_rule, FALSE) AS adopts
    FROM year_end
    JOIN institution ON founded_on <= year_end
    LEFT JOIN bank_policy
        ON bank_policy.institution_id = institution.institution_id
        AND valid_from <= year_end
        AND (valid_to IS NULL OR valid_to >= year_end)
    WHERE kind = 'bank'
),
adoption AS (
    SELECT
        year_end,
        CASE WHEN GROUPING(bank_type) = 1 THEN 'total' ELSE 'bank_type' END AS cut,
        CASE WHEN GROUPING(bank_type) = 1 THEN 'total' ELSE bank_type END AS cut_value,
        CAST(COUNT(bank_type) AS DOUBLE) AS banks,
        CAST(COUNT(*) FILTER (WHERE adopts) AS DOUBLE) AS adopters,
        CAST(COUNT(*) FILTER (WHERE ftp_cut_bp > 0) AS DOUBLE) AS cutters,
        CAST(SUM(ftp_cut_bp) AS DOUBLE) AS ftp_cut_bp
    FROM year_end
    LEFT JOIN bank USING (year_end)
    GROUP BY GROUPING SETS ((year_end), (year_end, bank_type))
    HAVING GROUPING(bank_type) = 1 OR bank_type IS NOT NULL
),
figure AS (
    SELECT
        year_end,
        cut,
        cut_value,
        100.0 * adopters / NULLIF(banks, 0) AS adoption,
        ftp_cut_bp / NULLIF(banks, 0) AS mean_ftp_cut,
        ftp_cut_bp / NULLIF(cutters, 0) AS mean_ftp_cut_adopters
    FROM adoption
)
SELECT
    year_end AS period,
    cut,
    cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (adoption, mean_ftp_cut, mean_ftp_cut_adopters))
