-- id: data_asset_pledge
-- grain: data asset that secures a note
-- caption: Data assets taken as collateral, with the bank of their note.
-- needs: collateral(loan_id, kind, secured_on, secured_amount, value), loan(loan_id, institution_id)

SELECT collateral.loan_id, institution_id, secured_on, secured_amount, value
FROM collateral
JOIN loan ON loan.loan_id = collateral.loan_id
WHERE kind = 'data_asset'
