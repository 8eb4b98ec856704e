-- id: agri_note
-- grain: note used in farming or a related industry
-- caption: Notes used in farming itself, in food and drinks, or in making what farms need.
-- needs: loan(loan_id, enterprise_id, use_industry, tech_use), industry(industry_code, section, division)
-- optional: enterprise_id from loan(enterprise_id), tech_use from loan(tech_use)

-- The NBS classification of farming and related industries (2020); of its classes those that hold nothing else:
-- fertiliser (C262), pesticide (C263) and farm machinery (C357).
SELECT loan_id, enterprise_id, section = 'A' AS primary_use, COALESCE(tech_use, FALSE) AS tech_use
FROM loan
JOIN industry ON industry.industry_code = loan.use_industry
WHERE section = 'A' OR division IN ('C13', 'C14', 'C15') OR industry_code IN ('C262', 'C263', 'C357')
