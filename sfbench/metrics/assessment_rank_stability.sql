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
-- source_zh: 相邻年度、不同权重之间名次的Kendall相关系数；名次区间。补充口径：得分、方法和名次同机构评估得分。采用
--   Kendall tau-b，得分取小数点后9位：相邻年度以两年均参评的银行计，不同权重以各方法与等权法比较；合计行为等权法的年
--   度一致性，以及其余四种方法的均值。共同银行不足三家或得分全部相同的不计算。名次区间为该行在各方法中的最好与最差名
--   次。
-- needs: month(month), bank_year
-- step: assessment_rank_stability

WITH year_end AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
)
SELECT period, bank_year.* EXCLUDE (year)
FROM year_end
LEFT JOIN bank_year ON year = YEAR(period)
ORDER BY period, institution_id
