-- id: followed_note_quarter
-- grain: quarter end x note that one of the marts of single notes names
-- caption: Balances at quarter ends of scheme, key-project, farm, data-secured, guaranteed and M&A notes and those of
--   sponsors of ecological platforms: one pass for all.
-- needs: balance_quarter(month), scheme_note, key_project_note, agri_note, data_asset_pledge, sponsor_note,
--   guarantee_contract, merger_note
-- optional: scheme_note, key_project_note, agri_note, data_asset_pledge, sponsor_note, guarantee_contract,
--   merger_note, tech_enterprise from balance_quarter(tech_enterprise)
-- incremental: quarter
-- period: quarter

-- Not the green notes: they are more than all these, and one metric asks for them.
WITH followed_note AS (
    SELECT loan_id FROM scheme_note
    UNION
    SELECT loan_id FROM key_project_note
    UNION
    SELECT loan_id FROM agri_note
    UNION
    SELECT loan_id FROM data_asset_pledge
    UNION
    SELECT loan_id FROM sponsor_note
    UNION
    SELECT loan_id FROM guarantee_contract
    UNION
    SELECT loan_id FROM merger_note
)
SELECT month AS quarter, loan_id, balance_rmb, tech_enterprise
FROM balance_quarter
WHERE loan_id IN (SELECT loan_id FROM followed_note)
