-- id: guarantee_contract
-- grain: guarantee contract on a loan note
-- caption: Contracts with what their note says, whether the borrower was a tech enterprise at the start, and whether a
--   contract of the special plan keeps the plan's rules.
-- needs: tag_span, guarantee(guarantee_id, loan_id, guarantor_id, kind, plan_class, started_on, released_on, principal,
--   guaranteed_amount, share_national, share_provincial, share_city, share_guarantor, share_bank, fee_rate),
--   loan(loan_id, enterprise_id, borrower_size, amount_rmb, first_loan)
-- optional: tech_at_start from tag_span, small from loan(borrower_size), note_rmb from loan(amount_rmb), first_loan
--   from loan(first_loan), special_plan and keeps_rules from guarantee(kind), keeps_rules from guarantee(plan_class,
--   principal, share_national, share_provincial, share_city, share_guarantor, share_bank), own_amount from
--   guarantee(principal, share_guarantor), fee_rate from guarantee(fee_rate)

WITH contract AS (
    SELECT
        guarantee.*,
        enterprise_id,
        borrower_size,
        amount_rmb,
        first_loan,
        kind = 'special_plan' AS special_plan
    FROM guarantee
    JOIN loan ON loan.loan_id = guarantee.loan_id
),
-- Principal of the borrower's special-plan contracts on the day on which one of them starts, that one included.
special_principal AS (
    SELECT contract.guarantee_id, SUM(peer.principal) AS principal
    FROM contract
    JOIN contract AS peer
        ON peer.enterprise_id = contract.enterprise_id
        AND peer.started_on <= contract.started_on
        AND (peer.released_on IS NULL OR peer.released_on > contract.started_on)
    WHERE contract.special_plan AND peer.special_plan
    GROUP BY contract.guarantee_id
),
tech_contract AS (
    SELECT DISTINCT guarantee_id
    FROM contract
    JOIN tag_span
        ON tag_span.enterprise_id = contract.enterprise_id AND started_on BETWEEN first_day AND last_day
)
SELECT
    contract.guarantee_id,
    loan_id,
    guarantor_id,
    enterprise_id,
    started_on,
    released_on,
    guaranteed_amount,
    CAST(contract.principal AS DECIMAL(38, 2)) * share_guarantor * 0.01 AS own_amount,
    fee_rate,
    borrower_size IN ('CS03', 'CS04') AS small,
    amount_rmb AS note_rmb,
    first_loan,
    contract.guarantee_id IN (SELECT guarantee_id FROM tech_contract) AS tech_at_start,
    special_plan,
    special_plan
    AND share_national + share_provincial + share_city + share_guarantor + share_bank = 100
    AND share_bank >= 20
    AND share_provincial >= 20
    -- a contract without a class keeps no rule
    AND share_national <= CASE plan_class WHEN 'A' THEN 40 WHEN 'B' THEN 35 WHEN 'C' THEN 30 ELSE -1 END
    AND COALESCE(special_principal.principal <= 30000000, TRUE) AS keeps_rules
FROM contract
LEFT JOIN special_principal ON special_principal.guarantee_id = contract.guarantee_id
