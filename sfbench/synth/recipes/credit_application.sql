-- parent: enterprise enterprise_id
-- after: loan
-- given: contacted_before | channel; pushed_before | channel; decision | product_id, enterprise.default_month; refusal_reason | decision, enterprise.default_month; approved_share | decision; drawn_after | decision
-- apart: what a firm asks for follows from what it borrows
-- only if named: to learn contracts and requests takes half as long again
-- registers: product, institution, month
-- Requests that no note of the copy came of: refused, withdrawn, still open, not drawn yet. Those of notes are learned with
-- their notes (`asked_` columns of loan), so a note's request has its bank, product and amount.
SELECT a.application_id AS _key, a.enterprise_id AS _parent,
       date_diff('month', DATE '2016-01-01', a.applied_on) AS applied_month,
       day(a.applied_on) AS applied_day,
       a.product_id::VARCHAR AS product_id,
       a.institution_id::VARCHAR AS institution_id,
       a.amount_requested, a.tenor_requested, a.channel, a.decision_model, a.partner_kind,
       a.applied_on - a.contacted_on AS contacted_before,
       coalesce(a.contacted_on, a.applied_on) - a.pushed_on AS pushed_before,
       a.due_diligence_on - a.applied_on AS examined_after,
       a.decided_on - coalesce(a.due_diligence_on, a.applied_on) AS decided_after,
       a.decision, a.refusal_reason,
       round(a.amount_approved / nullif(a.amount_requested, 0), 4) AS approved_share,
       a.drawn_on - a.decided_on AS drawn_after
FROM credit_application AS a ANTI JOIN loan AS n USING (application_id)
-- emit
-- The steps of a request are counted from its day forward, those of a note's request from the grant back, and stay within the
-- firm's life. What would be known after the window is not known yet.
WITH ends AS (
    SELECT min(month) AS first_day, max(month) AS last_day, (SELECT coalesce(max(_row) + 1, 0) FROM made_loan) AS notes FROM month
),
banks AS (SELECT institution_id, row_number() OVER (ORDER BY institution_id) AS place, count(*) OVER () AS size
          FROM institution WHERE kind = 'bank'),
usual AS (
    SELECT coalesce(mode(decision_model), 'manual') AS decision_model, coalesce(mode(refusal_reason), 'history') AS refusal_reason,
           coalesce(mode(product_id::BIGINT), (SELECT min(product_id) FROM product)) AS product_id
    FROM drawn_credit_application
),
asked AS (
    SELECT d.* EXCLUDE (product_id, institution_id), e.enterprise_id, coalesce(b.institution_id, o.institution_id) AS institution_id,
           p.product_id, greatest(coalesce(d.amount_requested, p.min_amount), 0.01) AS requested, u.refusal_reason AS usual_reason,
           u.decision_model AS usual_model,
           least(greatest(coalesce(note_day(d.applied_month, d.applied_day), w.first_day), e.founded_on), e.dissolved_on)::DATE
               AS applied_on
    FROM drawn_credit_application AS d JOIN made_enterprise AS e ON e._row = d._parent CROSS JOIN usual AS u CROSS JOIN ends AS w
    JOIN product AS p ON p.product_id = coalesce(d.product_id::BIGINT, u.product_id)
    LEFT JOIN banks AS b ON b.institution_id = d.institution_id::BIGINT
    LEFT JOIN banks AS o ON o.place = 1 + floor(d._u1 * o.size)
),
examined AS (
    SELECT *, applied_on - days(contacted_before) AS contacted_on,
           coalesce(contacted_on, applied_on) - days(pushed_before) AS pushed_on,
           CASE WHEN applied_on + days(examined_after) <= last_day
                THEN applied_on + days(examined_after) END AS due_diligence_on,
           applied_on + days(coalesce(examined_after, 0)) + days(decided_after) AS day_of_decision
    FROM asked CROSS JOIN ends
),
decided AS (
    SELECT * REPLACE (CASE WHEN day_of_decision <= last_day THEN decision END AS decision),
           CASE WHEN decision IS NOT NULL AND day_of_decision <= last_day THEN day_of_decision END AS decided_on
    FROM examined
),
drawn AS (
    SELECT *, CASE WHEN decision = 'approved' THEN decided_on + days(drawn_after) END AS day_of_drawing,
           CASE WHEN day_of_drawing < CASE WHEN notes > 0 THEN date_trunc('month', first_day) ELSE last_day + 1 END
                THEN day_of_drawing END AS drawn_on
    FROM decided
),
noted AS (
    SELECT n._row, n.loan_id, n.enterprise_id, n.institution_id, n.product_id, n.currency, n.amount, n.amount_rmb, n.tenor_months,
           n.granted_on, e.founded_on, d.* EXCLUDE (_row, _parent, institution_id, product_id, currency, amount, tenor_months),
           greatest(n.granted_on - days(coalesce(d.asked_drawn_after, 0)), e.founded_on) AS decided_on,
           greatest(decided_on - days(coalesce(d.asked_decided_after, 0)), e.founded_on) AS before_decision,
           CASE WHEN d.asked_examined_after IS NOT NULL THEN before_decision END AS due_diligence_on,
           greatest(before_decision - days(coalesce(d.asked_examined_after, 0)), e.founded_on) AS applied_on,
           greatest(n.amount_rmb * coalesce(d.asked_ratio, 1), CASE WHEN n.currency = 'CNY' THEN n.amount ELSE 0.01 END) AS requested,
           least(greatest(requested * coalesce(d.asked_approved_share, 1), CASE WHEN n.currency = 'CNY' THEN n.amount ELSE 0.01 END),
                 requested) AS approved
    FROM made_loan AS n JOIN made_enterprise AS e USING (enterprise_id) JOIN drawn_loan AS d ON d._row = n._row
)
SELECT _row + notes AS _row, _id + notes AS application_id, enterprise_id, institution_id, product_id, channel,
       CASE WHEN decision IN ('approved', 'refused') THEN coalesce(decision_model, usual_model)
            WHEN decided_on IS NOT NULL THEN decision_model END
           AS decision_model,
       partner_kind, round(requested, 2) AS amount_requested, tenor_requested, pushed_on, contacted_on, applied_on,
       due_diligence_on, decided_on, decision,
       CASE WHEN decision = 'refused' THEN coalesce(refusal_reason, usual_reason) END AS refusal_reason,
       CASE WHEN decision = 'approved' THEN greatest(round(requested * least(coalesce(approved_share, 1), 1), 2), 0.01) END
           AS amount_approved,
       drawn_on
FROM drawn
UNION ALL
SELECT n._row, loan_id, enterprise_id, institution_id, n.product_id, asked_channel, coalesce(asked_decision_model, u.decision_model),
       asked_partner_kind, round(requested, 2), greatest(tenor_months + coalesce(asked_longer, 0), 1),
       coalesce(applied_on - days(asked_contacted_before), applied_on) - days(asked_pushed_before),
       applied_on - days(asked_contacted_before), applied_on, due_diligence_on, decided_on, 'approved', NULL,
       round(approved, 2), granted_on
FROM noted AS n CROSS JOIN usual AS u
