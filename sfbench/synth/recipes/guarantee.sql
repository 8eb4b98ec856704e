-- parent: loan loan_id
-- after: loan_balance
-- derived: plan_open = loan.granted_month >= 102
-- given: plan | plan_open, enterprise.tech_firm; terms | plan; is_claimed | loan.fails, enterprise.default_month; claimed_after | is_claimed; claimed_share | is_claimed; is_paid | is_claimed; compensated_after | is_paid, terms; compensated_share | is_paid; is_recovered | is_paid, enterprise.default_month; recovered_after | is_recovered; recovered_share | is_recovered
-- apart: a contract follows from its note
-- only if named: to learn contracts and requests takes half as long again
-- registers: institution, product, month
-- The special plan is open from 2024-07, month 102. Who bears what is one column, so that shares, kind and class are a
-- combination that enough firms have; the kind stands before it, so that one of many rare combinations is as frequent as it was.
-- Amounts are shares of what they are part of; a claim is counted from the day on which its note fell overdue for good, or from
-- the grant where no balances are learned. Claimed, paid and recovered are a column each, so that the rare one takes none of the others away.
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
       kind AS plan,
       concat(kind, '|', plan_class, '|', share_national::DOUBLE, '|', share_provincial::DOUBLE, '|', share_city::DOUBLE,
              '|', share_guarantor::DOUBLE, '|', share_bank::DOUBLE) AS terms,
       guarantor_id::VARCHAR AS guarantor_id,
       CASE WHEN guarantee <> 'C01' THEN round(principal / nullif(amount_rmb, 0), 4) END AS principal_share,
       fee_rate,
       round(reguarantee_fee_rate / ceiling, 4) AS reguarantee_share,
       counter_guarantee,
       CASE WHEN compensated_on IS NULL THEN released_on - due_on END AS over_after,
       claimed_on IS NOT NULL AS is_claimed,
       claimed_on - fell_on AS claimed_after,
       round(claimed_amount / nullif(guaranteed_amount * owed_share, 0), 4) AS claimed_share,
       CASE WHEN is_claimed THEN compensated_on IS NOT NULL END AS is_paid,
       compensated_on - claimed_on AS compensated_after,
       round(compensated_amount / nullif(claimed_amount, 0), 4) AS compensated_share,
       CASE WHEN is_paid THEN recovered_on IS NOT NULL END AS is_recovered,
       recovered_on - compensated_on AS recovered_after,
       round(recovered_amount / nullif(compensated_amount, 0), 4) AS recovered_share
FROM claims
-- emit
-- A joint-guaranteed note of an SME has its contract, one of mixed or other security has it if it was drawn. What was drawn for
-- a note that cannot have it goes to one that can, so that shares stay: a contract, a place in the special plan, a claim.
-- Only what fell overdue is claimed on; a liability ends with its note or when it is compensated.
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
           count(*) FILTER (kind NOT IN ('special_plan', 'seed_plan', 'batch')) AS free,
           coalesce(mode(principal_share), 1) AS usual_share
    FROM pool
),
served AS (
    SELECT n.*, p.code = 'seed' AS seed, l._u2 AS u, coalesce(l.fails, false) AS fails, d._row AS own_contract
    FROM made_loan AS n JOIN drawn_loan AS l USING (_row) JOIN product AS p ON p.product_id = n.product_id
    LEFT JOIN contracts AS d ON d._parent = n._row
    WHERE n.borrower_size IN ('CS02', 'CS03', 'CS04') AND n.guarantee IN ('C01', 'C99', 'E') AND n.amount_rmb <= 100000000
),
spare AS (
    SELECT d._row AS spare_contract, coalesce(l.fails, false) AS fails,
           row_number() OVER (PARTITION BY coalesce(l.fails, false) ORDER BY d._row) AS place
    FROM contracts AS d JOIN drawn_loan AS l ON l._row = d._parent
    ANTI JOIN served AS n ON n._row = d._parent
),
lacking AS (
    SELECT _row, fails, row_number() OVER (PARTITION BY fails ORDER BY guarantee = 'E', u, _row) AS place
    FROM served WHERE own_contract IS NULL AND guarantee <> 'C99'
),
notes AS (
    SELECT n.*, coalesce(n.own_contract, s.spare_contract) AS contract,
           w.first_day AS window_begin, w.last_day AS window_end, EXISTS (FROM made_loan_balance) AS has_balances
    FROM served AS n LEFT JOIN lacking AS k USING (_row) LEFT JOIN spare AS s ON s.fails = k.fails AND s.place = k.place
    CROSS JOIN (SELECT min(month) AS first_day, max(month) AS last_day FROM month) AS w
    WHERE n.guarantee = 'C01' OR coalesce(n.own_contract, s.spare_contract) IS NOT NULL
),
ended AS (
    SELECT n.*, v.late_month, v.last_late, v.bad_month, v.bad_days, v.owed, v.bad_month IS NOT NULL OR NOT n.has_balances AS falls,
           coalesce(o._row, e._row) AS from_contract, coalesce(o.terms, e.terms) AS asked, coalesce(o.kind, e.kind) AS asked_kind,
           CASE WHEN n.guarantee = 'C01' THEN n.amount_rmb
                ELSE greatest(least(round(n.amount_rmb * coalesce(o.principal_share, s.usual_share), 2), n.amount_rmb), 0.01)
                END AS principal,
           CASE WHEN v.last_month >= n.window_end THEN NULL
                WHEN v.last_month IS NULL OR last_day(n.due_on + coalesce(o.over_after, 0)::INTEGER) = last_day(v.last_month + 1)
                THEN n.due_on + coalesce(o.over_after, 0)::INTEGER
                ELSE least(v.last_month + day(n.due_on)::INTEGER, last_day(v.last_month + 1)) END AS ended_on
    FROM notes AS n CROSS JOIN sizes AS s LEFT JOIN pool AS o ON o._row = n.contract
    LEFT JOIN pool AS e ON o._row IS NULL AND e.place = 1 + floor(n.u * s.every) LEFT JOIN lives AS v USING (loan_id)
),
-- With the national fund: from the day of its plan, within the firm's cap, and not beside a seed loan, which has its own plan.
asks AS (
    SELECT *, coalesce(asked_kind IN ('special_plan', 'batch') AND NOT bool_or(seed) OVER (PARTITION BY enterprise_id)
                       AND (asked_kind = 'batch' OR granted_on >= DATE '2024-07-01'), false) AS asks
    FROM ended
),
live AS (
    SELECT a._row, sum(b.principal) AS amount
    FROM asks AS a JOIN asks AS b ON b.enterprise_id = a.enterprise_id AND b.asks
     AND a.granted_on BETWEEN b.granted_on AND coalesce(b.ended_on, DATE '2099-12-31')
    WHERE a.asks GROUP BY a._row
),
fitted AS (
    SELECT a.*, coalesce(CASE WHEN a.seed THEN a.asked_kind = 'seed_plan'
                              WHEN a.asks THEN v.amount <= CASE WHEN a.asked_kind = 'batch' THEN 10000000 ELSE 30000000 END
                              ELSE a.asked_kind NOT IN ('special_plan', 'seed_plan', 'batch') END, false) AS fits
    FROM asks AS a LEFT JOIN live AS v USING (_row)
),
-- A special plan that its note cannot have changes places with the terms of a like note of a firm that asks for none.
misfits AS (
    SELECT _row, from_contract, asked, borrower_size, row_number() OVER (PARTITION BY borrower_size ORDER BY u, _row) AS place
    FROM fitted WHERE asked_kind = 'special_plan' AND NOT fits AND NOT seed
),
firsts AS (
    SELECT * FROM fitted
    WHERE fits AND NOT asks AND NOT seed AND granted_on >= DATE '2024-07-01' AND principal <= 30000000
      AND enterprise_id NOT IN (SELECT enterprise_id FROM fitted WHERE asks OR seed)
    QUALIFY row_number() OVER (PARTITION BY enterprise_id ORDER BY u, _row) = 1
),
takers AS (
    SELECT _row, from_contract, asked, borrower_size, row_number() OVER (PARTITION BY borrower_size ORDER BY u, _row) AS place
    FROM firsts
),
traded AS (
    SELECT m._row, t.from_contract, t.asked FROM misfits AS m JOIN takers AS t USING (borrower_size, place)
    UNION ALL SELECT t._row, m.from_contract, m.asked FROM misfits AS m JOIN takers AS t USING (borrower_size, place)
),
settled AS (
    SELECT f.* REPLACE (coalesce(t.from_contract, f.from_contract) AS from_contract, coalesce(t.asked, f.asked) AS asked,
                        f.fits OR t._row IS NOT NULL AS fits)
    FROM fitted AS f LEFT JOIN traded AS t USING (_row)
),
-- The seed loan's split stands in its rule (5:3:2 of what the bank does not bear), should nobody's be kept.
termed AS (
    SELECT f.*, coalesce(d.guarantor_id, (SELECT min(institution_id)::VARCHAR FROM institution WHERE kind = 'guarantor'))
                    AS guarantor_id,
           d.fee_rate, d.reguarantee_share, coalesce(d.counter_guarantee, false) AS counter_guarantee,
           string_split(CASE WHEN f.fits THEN f.asked WHEN f.seed THEN 'seed_plan||40|0|24|16|20'
                             ELSE coalesce(d.terms, 'commercial||0|0|0|100|0') END, '|') AS term
    FROM settled AS f CROSS JOIN sizes AS s
    LEFT JOIN pool AS r ON NOT f.fits AND (r.kind IN ('special_plan', 'seed_plan', 'batch')) = f.seed
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
-- Whether a note fails is drawn before its balances settle it: claims on notes that did not fall are for those that fell unforeseen.
spare_claims AS (
    SELECT d._row AS spare_claim, row_number() OVER (ORDER BY d._row) AS place
    FROM contracts AS d ANTI JOIN (FROM shared WHERE falls) AS s ON s.contract = d._row WHERE d.is_claimed
),
unclaimed AS (
    SELECT s._row, row_number() OVER (ORDER BY s.fails, s.u, s._row) AS place
    FROM shared AS s LEFT JOIN contracts AS o ON o._row = s.contract WHERE s.falls AND NOT coalesce(o.is_claimed, false)
),
outcomes AS (SELECT avg(is_paid::INTEGER) AS paid, avg(is_recovered::INTEGER) AS recovered FROM contracts WHERE is_claimed),
claimed AS (
    SELECT s.*, coalesce(c.is_paid, c._u1 < x.paid) AS is_paid, c.compensated_after, c.compensated_share,
           coalesce(c.is_recovered, c._u2 < x.recovered) AS is_recovered, c.recovered_after, c.recovered_share, c._u3 AS chance,
           CASE WHEN c._row IS NULL THEN NULL
                WHEN s.bad_month IS NOT NULL
                THEN least(greatest(s.bad_month - s.bad_days::INTEGER + coalesce(c.claimed_after, 60)::INTEGER,
                                    CASE WHEN s.late_month > s.window_begin THEN s.late_month + 1 END, s.granted_on + 1),
                           last_day(s.last_late + 1))
                ELSE greatest(s.granted_on + coalesce(c.claimed_after, 60)::INTEGER, s.granted_on + 1) END AS day_of_claim,
           CASE WHEN day_of_claim <= s.window_end THEN day_of_claim END AS claimed_on,
           round(least(coalesce(c.claimed_share, 1) * coalesce(s.owed / nullif(s.amount_rmb, 0), 1), 1)::DOUBLE
                 * s.guaranteed_amount, 2) AS claimed
    FROM shared AS s CROSS JOIN outcomes AS x LEFT JOIN unclaimed AS q USING (_row) LEFT JOIN spare_claims AS w USING (place)
    LEFT JOIN contracts AS c ON c._row = coalesce(w.spare_claim, CASE WHEN s.falls THEN s.contract END) AND c.is_claimed
),
-- What was drawn as paid or recovered was so within the window: a time that leads beyond it is drawn again from what is left.
paid AS (
    SELECT *, window_end - claimed_on AS left_to_pay,
           CASE WHEN is_paid AND coalesce(compensated_after, 30) <= left_to_pay
                THEN claimed_on + greatest(coalesce(compensated_after, 30), 0)::INTEGER
                WHEN is_paid THEN claimed_on + floor(chance * (left_to_pay + 1))::INTEGER END AS compensated_on,
           round(claimed * least(coalesce(compensated_share, 1), 1)::DOUBLE, 2) AS compensated
    FROM claimed
),
back AS (
    SELECT *, window_end - compensated_on AS left_to_recover,
           CASE WHEN is_recovered AND coalesce(recovered_after, 360) <= left_to_recover
                THEN compensated_on + greatest(coalesce(recovered_after, 360), 1)::INTEGER
                WHEN is_recovered AND left_to_recover > 0
                THEN compensated_on + 1 + floor(chance * left_to_recover)::INTEGER END AS recovered_on,
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
