-- id: assessment_rank_stability
-- measure: 17
-- zh: 评估排名稳定性
-- en: Rank stability
-- period: year
-- component: tau_years | index | not additive | 相邻年度排名一致性 | Rank correlation with the year before
-- component: tau_weightings | index | not additive | 不同权重排名一致性 | Rank correlation between weightings
-- component: rank_width_mean | count | not additive | 排名区间平均宽度 | Mean width of the rank interval
-- component: rank_width_max | count | not additive | 排名区间最大宽度 | Widest rank interval
-- cuts: total, method
-- direction: up
-- source: metrics.csv: Kendall tau of ranks between years and between weightings; rank interval. Decided where it is
--   silent: scores, methods and ranks of assessment_score. Kendall's tau-b on scores rounded to 9 decimals: with the
--   year before over the banks assessed in both years, and of every method with equal weights; on the total by equal
--   weights, and the mean of the four others. None with fewer than three common banks or with all tied. A bank's rank
--   interval runs from its best to its worst rank over the methods.
-- needs: month(month), bank_year
-- step: assessment_rank_stability

WITH year_end AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
)
SELECT period, bank_year.* EXCLUDE (year)
FROM year_end
LEFT JOIN bank_year ON year = YEAR(period)
ORDER BY period, institution_id
