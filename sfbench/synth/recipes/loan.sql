-- parent: enterprise enterprise_id
-- derived: default_gap = enterprise.default_month since granted_month, due_month = granted_month + tenor_months, due_gap = default_gap - tenor_months, outlives = due_month >= 144
-- given: granted_month | brings_down, enterprise.default_month, enterprise.of loan: borrower_size, enterprise.founded_month; tenor_months | brings_down, default_gap, enterprise.of loan: borrower_size; fails | brings_down, due_gap; product_id | fails, tenor_months; rate_kind | fails, tenor_months; spread | fails; guarantee | fails, product_id, enterprise.tech_firm; of guarantee | fails, guarantee, product_id, borrower_size; of collateral | guarantee; asked_contacted_before | asked_channel; asked_pushed_before | asked_channel; amount | enterprise.of loan: amount, granted_month, product_id
-- one: brings_down | enterprise.default_month
-- with credit_application: asked_channel, asked_decision_model, asked_partner_kind, asked_ratio, asked_longer, asked_approved_share, asked_contacted_before, asked_pushed_before, asked_examined_after, asked_decided_after, asked_drawn_after
-- registers: product, institution, industry, month
-- by firm: a note waits for its firm's other notes alone
-- What was agreed: month, tenor, bank, product, use, amount, spread to the prime rate of like tenor; and whether it fails
-- when its firm does, which lenders' terms foretell: so it stands before them.
WITH lives AS (SELECT loan_id, bool_or(grade >= 'FQ03') AS bad FROM loan_balance GROUP BY loan_id)
SELECT n.loan_id AS _key, n.enterprise_id AS _parent,
       coalesce(row_number() OVER (PARTITION BY n.enterprise_id, l.bad ORDER BY hash(n.loan_id)) = 1 AND l.bad, false) AS brings_down,
       date_diff('month', DATE '2016-01-01', n.granted_on) AS granted_month,
       day(n.granted_on) AS granted_day,
       n.tenor_months,
       coalesce(l.bad, false) AS fails,
       n.product_id::VARCHAR AS product_id,
       n.institution_id::VARCHAR AS institution_id,
       n.borrower_size,
       CASE WHEN n.use_industry <> e.industry_code THEN n.use_industry END AS other_use,
       n.currency, n.amount_rmb AS amount, n.rate_kind,
       n.grant_rate - coalesce(CASE WHEN n.tenor_months < 60 THEN m.lpr_1y ELSE m.lpr_5y END,
                               CASE WHEN n.tenor_months < 60 THEN 3.85 ELSE 4.65 END) AS spread,
       n.benchmark,
       CASE WHEN m.month IS NULL THEN n.benchmark_rate END AS benchmark_before,
       CASE WHEN n.currency <> 'CNY' THEN round(n.amount_rmb / n.amount, 4) END AS parity,
       date_diff('month', n.granted_on, n.repricing_on) AS repricing_months,
       n.guarantee, n.fiscal_support, n.se IS NOT NULL AS strategic, n.green,
       a.channel AS asked_channel, a.decision_model AS asked_decision_model, a.partner_kind AS asked_partner_kind,
       round(a.amount_requested / nullif(n.amount_rmb, 0), 4) AS asked_ratio,
       a.tenor_requested - n.tenor_months AS asked_longer,
       round(a.amount_approved / nullif(a.amount_requested, 0), 4) AS asked_approved_share,
       a.applied_on - a.contacted_on AS asked_contacted_before,
       coalesce(a.contacted_on, a.applied_on) - a.pushed_on AS asked_pushed_before,
       a.due_diligence_on - a.applied_on AS asked_examined_after,
       a.decided_on - coalesce(a.due_diligence_on, a.applied_on) AS asked_decided_after,
       n.granted_on - a.decided_on AS asked_drawn_after
FROM loan AS n JOIN enterprise AS e USING (enterprise_id) LEFT JOIN month AS m ON m.month = last_day(n.granted_on)
LEFT JOIN lives AS l USING (loan_id) LEFT JOIN credit_application AS a USING (application_id)
-- emit
-- Within the product's limits and days; what follows from the firm, the bank, the product or the use is looked up.
-- Notes from before the window are those that ran into it. A product that is not on offer that day, or not to a firm so old, gives way to the plain one of its class.
-- A lender that is no bank, or none, gives way to one.
WITH banks AS (
    SELECT institution_id, row_number() OVER (ORDER BY institution_id) - 1 AS place, count(*) OVER () AS number
    FROM institution WHERE kind = 'bank'
),
asked AS (
    SELECT d.* REPLACE (coalesce(i.institution_id, b.institution_id)::VARCHAR AS institution_id),
           least(greatest(note_day(d.granted_month, d.granted_day), e.founded_on,
                               coalesce(e.first_credit_on, e.founded_on)), e.dissolved_on)::DATE AS granted_on
    FROM drawn_loan AS d JOIN made_enterprise AS e ON e._row = d._parent
    LEFT JOIN institution AS i ON i.institution_id = d.institution_id::BIGINT AND i.kind = 'bank'
    JOIN banks AS b ON b.place = coalesce(d.institution_id::BIGINT, d._row) % b.number
),
plain AS (
    SELECT product_class, arg_min(product_id, (launched_on, product_id)) AS product_id
    FROM product WHERE max_firm_age IS NULL AND requires_tag IS NULL AND NOT tech_only AND ended_on IS NULL
    GROUP BY product_class
),
offered AS (
    SELECT a.* EXCLUDE (product_id),
           CASE WHEN a.granted_on < p.launched_on OR a.granted_on > p.ended_on
                     OR a.granted_on > e.founded_on + to_years(p.max_firm_age::INTEGER)
                THEN coalesce(s.product_id, 1) ELSE p.product_id END AS product_id
    FROM asked AS a JOIN made_enterprise AS e ON e._row = a._parent
    JOIN product AS p ON p.product_id = a.product_id::BIGINT LEFT JOIN plain AS s USING (product_class)
),
terms AS (
    SELECT d.*, e.enterprise_id, e.uscc AS borrower_uscc, e.area_code, e.ownership, e.industry_code AS trade,
           e.first_credit_on, p.product_class, p.min_spread, p.max_spread, i.uscc AS institution_uscc,
           i.area_code AS institution_area_code,
           coalesce(d.other_use, e.industry_code) AS use_industry,
           CASE WHEN list_contains(string_split(p.guarantee_kinds, '|'), d.guarantee) THEN d.guarantee
                ELSE string_split(p.guarantee_kinds, '|')[1] END AS allowed_guarantee,
           greatest(least(CASE WHEN d.granted_on < w.first_on
                               THEN greatest(d.tenor_months, date_diff('month', d.granted_on, w.first_on) + 1)
                               ELSE d.tenor_months END, p.max_tenor), p.min_tenor) AS tenor,
           p.min_amount, p.max_amount, w.first_on, e.dissolved_on,
           CASE WHEN d.currency = 'CNY' THEN 1 ELSE least(greatest(coalesce(d.parity, 7), 0.01), 20) END AS fx
    FROM offered AS d JOIN made_enterprise AS e ON e._row = d._parent JOIN product AS p USING (product_id)
    JOIN institution AS i ON i.institution_id = d.institution_id::BIGINT
    CROSS JOIN (SELECT min(month) AS first_on FROM month) AS w
),
dated AS (
    SELECT * REPLACE (CASE WHEN granted_on < first_on
                           THEN least(greatest(granted_on, first_on - to_months((tenor - 1)::INTEGER)), dissolved_on)::DATE
                           ELSE granted_on END AS granted_on),
           least(greatest(CASE WHEN currency = 'CNY' THEN amount ELSE round(amount / fx, -3) END, ceil(min_amount / fx)),
                 floor(max_amount / fx)) AS held
    FROM terms
),
priced AS (
    SELECT d.*, (d.granted_on + to_months(d.tenor::INTEGER))::DATE AS due_on,
           CASE WHEN d.tenor < 60 THEN m.lpr_1y ELSE m.lpr_5y END AS prime,
           CASE WHEN d.tenor < 60 THEN 3.85 ELSE 4.65 END AS prime_before
    FROM dated AS d LEFT JOIN month AS m ON m.month = last_day(d.granted_on)
)
SELECT d._row, d._id AS loan_id, d._id AS application_id, d.enterprise_id,
       d.institution_id::BIGINT AS institution_id,
       d.product_id, d.institution_uscc,
       'B' || lpad((d.institution_id::BIGINT * 1000 + floor(d._u1 * 240)::BIGINT)::VARCHAR, 7, '0') AS branch_no,
       d.institution_area_code, 'A01' AS borrower_id_kind, d.borrower_uscc, 'C' AS borrower_sector,
       t.division AS borrower_industry, d.area_code AS borrower_area_code, d.ownership AS borrower_ownership,
       d.borrower_size, 'SYNJ' || d._id AS note_code, 'SYNH' || d._id AS contract_code, d.product_class,
       d.use_industry, d.granted_on, d.due_on, d.currency, d.held AS amount, round(d.held * d.fx, 2) AS amount_rmb,
       d.tenor AS tenor_months, d.rate_kind,
       CASE WHEN d.prime IS NULL THEN d.spread + d.prime_before
            ELSE d.prime + greatest(least(d.spread, d.max_spread), d.min_spread) END AS grant_rate,
       d.benchmark,
       CASE WHEN d.rate_kind <> 'RF01' THEN coalesce(d.prime, d.benchmark_before, d.prime_before) END AS benchmark_rate,
       d.fiscal_support,
       CASE WHEN d.rate_kind = 'RF01' THEN d.due_on
            ELSE least(d.granted_on + to_months(coalesce(d.repricing_months, 12)::INTEGER), d.due_on)::DATE END
           AS repricing_on,
       d.allowed_guarantee AS guarantee,
       d.granted_on = d.first_credit_on
           AND row_number() OVER (PARTITION BY d.enterprise_id ORDER BY d.granted_on, d._row) = 1 AS first_loan,
       '用于' || u.name_zh || '业务资金周转' AS purpose, u.htp, u.hts,
       CASE WHEN d.strategic THEN string_split(u.se_classes, '|')[1 + floor(d._u1 * len(string_split(u.se_classes, '|')))::INTEGER] END AS se, u.pa,
       coalesce(u.htp, u.hts, CASE WHEN d.strategic THEN u.se_classes END, u.pa) IS NOT NULL AS tech_use,
       d.green, u.digital, u.manufacturing
FROM priced AS d JOIN industry AS u ON u.industry_code = d.use_industry JOIN industry AS t ON t.industry_code = d.trade
