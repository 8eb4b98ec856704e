-- id: note_profile
-- grain: note with a balance
-- caption: What never changes about a note: bank, borrower, its district and cluster and the months of its stages, year
--   of grant; its traits, 1 if for a technology use, plus 2 if in the HTP, 4 if in the HTS, 8 if in the SE and 16 if in
--   the PA classification, 32 if green, 64 if digital; its SE class ('none'), and its use, 1 if in the trade of a
--   borrower in a cluster, plus 2 if in manufacturing, 4 if for more than a year.
-- needs: note_span(month), loan(loan_id, enterprise_id, institution_id, granted_on, use_industry, tenor_months, tech_use,
--   htp, hts, se, pa, green, digital, manufacturing), enterprise(enterprise_id, founded_on, district_id, cluster_id,
--   industry_code)
-- sliced: of a new month only the notes in the books then are looked at

WITH firm AS (
    SELECT
        enterprise_id,
        district_id,
        cluster_id,
        CASE WHEN cluster_id IS NOT NULL THEN industry_code END AS cluster_trade,
        -- startup under 60 calendar months of age, growth under 120, then mature
        CAST(DATE_TRUNC('month', founded_on) + INTERVAL 60 MONTH AS DATE) AS growth_from,
        CAST(DATE_TRUNC('month', founded_on) + INTERVAL 120 MONTH AS DATE) AS mature_from
    FROM enterprise
)
SELECT
    loan.loan_id,
    loan.enterprise_id,
    institution_id,
    district_id,
    cluster_id,
    YEAR(granted_on) AS vintage,
    COALESCE(tech_use, FALSE) AS tech_use,
    -- whole numbers, as they are quicker to group by than many flags
    CASE WHEN tech_use THEN 1 ELSE 0 END
    + CASE WHEN htp IS NOT NULL THEN 2 ELSE 0 END
    + CASE WHEN hts IS NOT NULL THEN 4 ELSE 0 END
    + CASE WHEN se IS NOT NULL THEN 8 ELSE 0 END
    + CASE WHEN pa IS NOT NULL THEN 16 ELSE 0 END
    + CASE WHEN green THEN 32 ELSE 0 END
    + CASE WHEN digital THEN 64 ELSE 0 END AS traits,
    COALESCE(se, 'none') AS se,
    CASE WHEN use_industry = cluster_trade THEN 1 ELSE 0 END
    + CASE WHEN manufacturing THEN 2 ELSE 0 END
    + CASE WHEN tenor_months > 12 THEN 4 ELSE 0 END AS use_traits,
    growth_from,
    mature_from
FROM loan
JOIN note_span ON note_span.loan_id = loan.loan_id
LEFT JOIN firm ON firm.enterprise_id = loan.enterprise_id
