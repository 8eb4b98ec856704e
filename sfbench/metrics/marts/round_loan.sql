-- id: round_loan
-- grain: round of new equity of a firm of the data
-- caption: Rounds with the notes granted to the firm after the round, within 12 months and before its next one.
-- needs: deal(round_id, enterprise_id, closed_on, stage, round_amount), loan(loan_id, enterprise_id, granted_on,
--   amount_rmb)

-- A round that closes in several steps is one round, of the day of the first.
WITH equity_round AS (
    SELECT round_id, enterprise_id, closed_on, stage, round_amount
    FROM deal
    WHERE enterprise_id IS NOT NULL AND round_amount > 0
    QUALIFY ROW_NUMBER() OVER (PARTITION BY round_id ORDER BY closed_on) = 1
),
-- A note goes to the latest round before it; of two on one day to the one with the higher number.
last_round AS (
    SELECT round_id, closed_on, amount_rmb, granted_on
    FROM loan
    JOIN equity_round ON equity_round.enterprise_id = loan.enterprise_id AND closed_on < granted_on
    QUALIFY ROW_NUMBER() OVER (PARTITION BY loan_id ORDER BY closed_on DESC, round_id DESC) = 1
),
following_loan AS (
    SELECT round_id, SUM(amount_rmb) AS amount_rmb
    FROM last_round
    WHERE granted_on <= closed_on + INTERVAL 12 MONTH
    GROUP BY round_id
)
SELECT
    equity_round.round_id,
    closed_on,
    stage,
    round_amount,
    CAST(COALESCE(amount_rmb, 0) AS DECIMAL(18, 2)) AS loan_rmb,
    following_loan.round_id IS NOT NULL AS followed
FROM equity_round
LEFT JOIN following_loan ON following_loan.round_id = equity_round.round_id
