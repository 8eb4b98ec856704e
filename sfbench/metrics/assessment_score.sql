-- id: assessment_score
-- measure: 17
-- zh: 机构评估得分
-- en: Institution assessment score
-- period: year
-- component: score | point | not additive | 得分 | Score
-- component: band | count | not additive | 等次 | Band, 1 the best
-- component: rank | count | not additive | 排名 | Rank
-- component: assessed | count | not additive | 参评机构数 | Institutions assessed
-- cuts: total, bank, method, bank*method
-- direction: up
-- source: metrics.csv: score and band of each institution under a named method. Decided where it is silent: an
--   illustrative method, not an official one, since no formula of the city's assessment is public. From the year-end
--   notes: share of tech notes in all notes; growth of tech notes in the year, capped at 300 %; first borrowers over
--   notes granted; tech NPL ratio less that of all notes (less is better). Assessed are banks with tech notes, a base
--   of CNY 10 million the year before and a note granted, if they are three or more; nothing is imputed. Points 0.6 +
--   0.2 z, 0 to 1; score 0 to 100. Methods weigh the four equally, or one of them with a half. Bands from 70, 60, 50
--   and below; ties share the better rank; total and method show the median score.
-- source_zh: 指定方法下各机构的得分和等次。补充口径：本市评估公式未公开，此为示例方法，非官方。依据年末借据：科技借据
--   占全部借据比重；科技借据当年增速，上限300%；首贷户占发放笔数之比；科技借据不良率减全部借据不良率（越低越好）。有
--   科技借据、上年基数达1000万元且当年有发放的银行参评，不足三家不评；不作填补。指标得分为0.6+0.2z，限于0至1；总分0至
--   100。各方法对四项等权，或对其中一项给予一半权重。等次界限为70、60、50；并列取较前名次；合计和方法分组列出得分中位
--   数。
-- needs: month(month), bank_year
-- step: assessment_score

WITH year_end AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
)
SELECT period, bank_year.* EXCLUDE (year)
FROM year_end
LEFT JOIN bank_year ON year = YEAR(period)
ORDER BY period, institution_id
