-- parent: loan loan_id
-- after: loan_balance
-- given: terms | loan.granted_month; claim | loan.fails, enterprise.default_month; claimed_after | claim; claimed_share | claim; compensated_after | claim, terms; compensated_share | claim; recovered_after | claim; recovered_share | claim
-- registers: institution, product, month
-- Who bears what is one column, so that shares, kind and class are a combination that enough firms have. Amounts are shares
-- of what they are part of; a claim is counted from the day on which its note fell overdue for good, or from the grant where
-- no balances are learned.
WITH falls AS (
    SELECT loan_id, min(month) FILTER (overdue_days > 90) AS bad_month,
           arg_min(overdue_days, month) FILTER (overdue_days > 90) AS bad_days,
           arg_min(balance_rmb, month) FILTER (overdue_days > 90) AS owed
    FROM loan_balance SEMI JOIN guarantee USING (loan_id) GROUP BY loan_id
),
claims AS (
    SELECT g.*, n.guarantee, n.amount_rmb, n.due_on, coalesce(f.owed / nullif(n.amount_rmb, 0), 1) AS owed_share,
           CASE WHEN EXISTS (FROM loan_balance) THEN f.bad_month - f.bad_days::INTEGER ELSE g.started_on END AS fell_on,
           CASE WHEN g.kind <> 'commercial' THEN CASE WHEN g.guaranteed_amount > 5000000 THEN 0.5 ELSE 0.3 END END AS ceiling
    FROM guarantee AS g LEFT JOIN loan AS n USING (loan_id) LEFT JOIN falls AS f USING (loan_id)
)
SELECT guarantee_id AS _key, loan_id AS _parent,
       concat(kind, '|', plan_class, '|', share_national::DOUBLE, '|', share_provincial::DOUBLE, '|', share_city::DOUBLE,
              '|', share_guarantor::DOUBLE, '|', share_bank::DOUBLE) AS terms,
       guarantor_id::VARCHAR AS guarantor_id,
       CASE WHEN guarantee <> 'C01' THEN round(principal / nullif(amount_rmb, 0), 4) END AS principal_share,
       fee_rate,
       round(reguarantee_fee_rate / ceiling, 4) AS reguarantee_share,
       counter_guarantee,
       CASE WHEN compensated_on IS NULL THEN released_on - due_on END AS over_after,
       CASE WHEN fell_on IS NULL OR claimed_on IS NULL THEN NULL WHEN compensated_on IS NULL THEN 'claimed'
            WHEN recovered_on IS NULL THEN 'paid' ELSE 'recovered' END AS claim,
       CASE WHEN claim IS NOT NULL THEN claimed_on - fell_on END AS claimed_after,
       CASE WHEN claim IS NOT NULL THEN round(claimed_amount / nullif(guaranteed_amount * owed_share, 0), 4) END
           AS claimed_share,
       CASE WHEN claim IS NOT NULL THEN compensated_on - claimed_on END AS compensated_after,
       CASE WHEN claim IS NOT NULL THEN round(compensated_amount / nullif(claimed_amount, 0), 4) END AS compensated_share,
       CASE WHEN claim IS NOT NULL THEN recovered_on - compensated_on END AS recovered_after,
       CASE WHEN claim IS NOT NULL THEN round(recovered_amount / nullif(compensated_amount, 0), 4) END AS recovered_share
FROM claims
-- emit
-- A joint-guaranteed note of an SME has its contract, one of mixed or other security has it if it was drawn. Terms that the
-- note cannot have (a plan before its time, a seed plan off the seed product, a firm's cap passed) give way to those of another
-- contract. Only what fell overdue is claimed on; a liability ends with its note or when it is compensated.
WITH lives AS (
    SELECT loan_id, max(month) AS last_month, min(month) FILTER (overdue_days > 0) AS late_month,
           max(month) FILTER (overdue_days > 0) AS last_late,
           min(month) FILTER (overdue_days > 90) AS bad_month,
           arg_min(overdue_days, month) FILTER (overdue_days > 90) AS bad_days,
           arg_min(balance_rmb, month) FILTER (overdue_days > 90) AS owed
    FROM made_loan_balance SEMI JOIN (FROM made_loan WHERE guarantee IN ('C01', 'C99', 'E')) AS n USING (loan_id)
    GROUP BY loan_id
),
contracts AS (FROM drawn_guarantee QUALIFY row_number() OVER (PARTITION BY _parent ORDER BY _row) = 1),
pool AS (
    SELECT * EXCLUDE (_parent), string_split(terms, '|')[1] AS kind,
           row_number() OVER (ORDER BY _row) AS place,
           row_number() OVER (PARTITION BY kind IN ('special_plan', 'seed_plan', 'batch') ORDER BY _row) AS place_in_kind
    FROM contracts WHERE terms IS NOT NULL
),
sizes AS (
    SELECT count(*) AS every, count(*) FILTER (kind IN ('special_plan', 'seed_plan', 'batch')) AS national,
           count(*) FILTER (kind NOT IN ('special_plan', 'seed_plan', 'batch')) AS free FROM pool
),
notes AS (
    SELECT n.*, p.code = 'seed' AS seed, l._u2 AS u, l.fails, d._row AS contract, w.last_day AS window_end, w.first_day AS window_begin,
           EXISTS (FROM made_loan_balance) AS has_balances
    FROM made_loan AS n JOIN drawn_loan AS l USING (_row) JOIN product AS p ON p.product_id = n.product_id
    LEFT JOIN contracts AS d ON d._parent = n._row CROSS JOIN (SELECT min(month) AS first_day, max(month) AS last_day FROM month) AS w
    WHERE n.borrower_size IN ('CS02', 'CS03', 'CS04')
      AND (n.guarantee = 'C01' AND n.amount_rmb <= 100000000 OR n.guarantee IN ('C01', 'C99', 'E') AND d._row IS NOT NULL)
),
ended AS (
    SELECT n.*, v.late_month, v.last_late, v.bad_month, v.bad_days, v.owed, coalesce(o._row, e._row) AS from_contract,
           CASE WHEN n.guarantee = 'C01' THEN n.amount_rmb
                ELSE greatest(least(round(n.amount_rmb * coalesce(o.principal_share, 1), 2), n.amount_rmb), 0.01) END AS principal,
           CASE WHEN v.last_month >= n.window_end THEN NULL
                WHEN v.last_month IS NULL OR last_day(n.due_on + coalesce(o.over_after, 0)::INTEGER) = last_day(v.last_month + 1)
                THEN n.due_on + coalesce(o.over_after, 0)::INTEGER
                ELSE least(v.last_month + day(n.due_on)::INTEGER, last_day(v.last_month + 1)) END AS ended_on
    FROM notes AS n CROSS JOIN sizes AS s LEFT JOIN pool AS o ON o._row = n.contract
    LEFT JOIN pool AS e ON o._row IS NULL AND e.place = 1 + floor(n.u * s.every) LEFT JOIN lives AS v USING (loan_id)
),
-- Special plans that were drawn for notes from before the plan change places with terms of later notes.
early AS (
    SELECT n._row, n.from_contract, row_number() OVER (ORDER BY n.u, n._row) AS place
    FROM ended AS n JOIN pool AS p ON p._row = n.from_contract
    WHERE p.kind = 'special_plan' AND n.granted_on < DATE '2024-07-01'
),
later AS (
    SELECT n._row, n.from_contract, row_number() OVER (ORDER BY n.u, n._row) AS place
    FROM ended AS n JOIN pool AS p ON p._row = n.from_contract
    WHERE p.kind NOT IN ('special_plan', 'seed_plan', 'batch') AND n.granted_on >= DATE '2024-07-01'
),
swapped AS (
    SELECT e._row, l.from_contract FROM early AS e JOIN later AS l USING (place)
    UNION ALL SELECT l._row, e.from_contract FROM early AS e JOIN later AS l USING (place)
),
asked AS (
    SELECT n.* REPLACE (coalesce(s.from_contract, n.from_contract) AS from_contract), p.terms AS asked, p.kind AS asked_kind
    FROM ended AS n LEFT JOIN swapped AS s USING (_row)
    LEFT JOIN pool AS p ON p._row = coalesce(s.from_contract, n.from_contract)
),
asks AS (
    SELECT *, asked_kind IN ('special_plan', 'batch') AND NOT seed AND NOT bool_or(seed) OVER (PARTITION BY enterprise_id)
              AND (asked_kind = 'batch' OR granted_on >= DATE '2024-07-01') AS asks
    FROM asked
),
live AS (
    SELECT a._row, sum(b.principal) AS amount
    FROM asks AS a JOIN asks AS b ON b.enterprise_id = a.enterprise_id AND b.asks
     AND a.granted_on BETWEEN b.granted_on AND coalesce(b.ended_on, DATE '2099-12-31')
    WHERE a.asks GROUP BY a._row
),
fitted AS (
    SELECT a.*, CASE WHEN a.seed THEN a.asked_kind = 'seed_plan'
                     WHEN a.asks THEN v.amount <= CASE WHEN a.asked_kind = 'batch' THEN 10000000 ELSE 30000000 END
                     ELSE a.asked_kind NOT IN ('special_plan', 'seed_plan', 'batch') END AS fits
    FROM asks AS a LEFT JOIN live AS v USING (_row)
),
-- The seed loan's split stands in its rule (5:3:2 of what the bank does not bear), should nobody's be kept.
termed AS (
    SELECT f.*, coalesce(d.guarantor_id, (SELECT any_value(institution_id)::VARCHAR FROM institution WHERE kind = 'guarantor'))
                    AS guarantor_id,
           d.fee_rate, d.reguarantee_share, coalesce(d.counter_guarantee, false) AS counter_guarantee,
           string_split(CASE WHEN f.fits THEN f.asked WHEN f.seed THEN 'seed_plan||40|0|24|16|20'
                             ELSE coalesce(d.terms, 'commercial||0|0|0|100|0') END, '|') AS term
    FROM fitted AS f CROSS JOIN sizes AS s
    LEFT JOIN pool AS r ON NOT coalesce(f.fits, false) AND (r.kind IN ('special_plan', 'seed_plan', 'batch')) = f.seed
         AND r.place_in_kind = 1 + floor(f.u * CASE WHEN f.seed THEN s.national ELSE s.free END)
    LEFT JOIN contracts AS d ON d._row = CASE WHEN f.fits THEN f.from_contract ELSE r._row END
),
shared AS (
    SELECT *, term[1] AS kind, nullif(term[2], '') AS plan_class, term[3]::DOUBLE AS share_national,
           term[4]::DOUBLE AS share_provincial, term[5]::DOUBLE AS share_city, term[7]::DOUBLE AS share_bank,
           round(principal * (100 - share_bank) / 100, 2) AS guaranteed_amount,
           CASE WHEN kind IN ('special_plan', 'seed_plan', 'batch') THEN least(coalesce(fee_rate, 0), 0.99)
                ELSE coalesce(fee_rate, 0) END AS held_fee_rate
    FROM termed
),
-- Whether a note fails is drawn before its balances settle it: one that fell unforeseen is claimed on as others that failed.
failed AS (
    SELECT d.*, row_number() OVER (ORDER BY d._row) AS place, count(*) OVER () AS size
    FROM contracts AS d JOIN drawn_loan AS l ON l._row = d._parent WHERE l.fails
),
claimed AS (
    SELECT s.*, c.claim, c.compensated_after, c.compensated_share, c.recovered_after, c.recovered_share,
           CASE WHEN c.claim IS NULL OR c.claimed_after IS NULL THEN NULL
                WHEN s.bad_month IS NOT NULL
                THEN least(greatest(s.bad_month - s.bad_days::INTEGER + c.claimed_after::INTEGER, CASE WHEN s.late_month > s.window_begin THEN s.late_month + 1 END, s.granted_on + 1),
                           last_day(s.last_late + 1))
                WHEN NOT s.has_balances THEN greatest(s.granted_on + c.claimed_after::INTEGER, s.granted_on + 1) END AS day_of_claim,
           CASE WHEN day_of_claim <= s.window_end THEN day_of_claim END AS claimed_on,
           round(least(coalesce(c.claimed_share, 1) * coalesce(s.owed / nullif(s.amount_rmb, 0), 1), 1)::DOUBLE
                 * s.guaranteed_amount, 2) AS claimed
    FROM shared AS s LEFT JOIN contracts AS o ON o._row = s.contract
    LEFT JOIN failed AS f ON s.bad_month IS NOT NULL AND NOT coalesce(s.fails, false) AND f.place = 1 + floor(s.u * f.size)
    LEFT JOIN contracts AS c ON c._row = coalesce(f._row, o._row)
),
paid AS (
    SELECT *, claimed_on + CASE WHEN claim <> 'claimed' THEN greatest(coalesce(compensated_after, 30), 0)::INTEGER END AS day_of_payment,
           CASE WHEN day_of_payment <= window_end THEN day_of_payment END AS compensated_on,
           round(claimed * least(coalesce(compensated_share, 1), 1)::DOUBLE, 2) AS compensated
    FROM claimed
),
back AS (
    SELECT *, compensated_on + CASE WHEN claim = 'recovered' THEN greatest(coalesce(recovered_after, 360), 1)::INTEGER END AS day_of_recovery,
           CASE WHEN day_of_recovery <= window_end THEN day_of_recovery END AS recovered_on,
           CASE WHEN ended_on <= window_end THEN ended_on END AS over_on
    FROM paid
)
SELECT _row, loan_id AS guarantee_id, 'SYNDB' || loan_id AS contract_code, loan_id, guarantor_id::BIGINT AS guarantor_id,
       kind, plan_class, granted_on AS started_on, due_on AS ends_on, principal, guaranteed_amount, share_national,
       share_provincial, share_city, 100 - share_national - share_provincial - share_city - share_bank AS share_guarantor,
       share_bank, held_fee_rate AS fee_rate,
       round(guaranteed_amount * held_fee_rate::DOUBLE / 100 * tenor_months / 12, 2) AS fee,
       CASE WHEN kind <> 'commercial'
            THEN least(coalesce(reguarantee_share, 1), 1) * CASE WHEN guaranteed_amount > 5000000 THEN 0.5 ELSE 0.3 END END
           AS reguarantee_fee_rate,
       counter_guarantee, claimed_on, CASE WHEN claimed_on IS NOT NULL THEN claimed END AS claimed_amount,
       compensated_on, CASE WHEN compensated_on IS NOT NULL THEN compensated END AS compensated_amount,
       recovered_on,
       CASE WHEN recovered_on IS NOT NULL THEN round(compensated * least(coalesce(recovered_share, 0.5), 1)::DOUBLE, 2) END
           AS recovered_amount,
       CASE WHEN compensated_on IS NOT NULL THEN least(compensated_on, over_on) ELSE over_on END AS released_on
FROM back
