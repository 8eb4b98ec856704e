-- parent: loan loan_id
-- after: loan_balance
-- given: terms | loan.guarantee, loan.product_id; secured_share | loan.guarantee; loan_to_value | terms; valuation_method | terms; first_rank | terms; is_revalued | terms, loan.tenor_months, loan.granted_month; revalued_share | terms; revalued_after | terms
-- apart: what secures a note follows from its terms
-- only if named: most notes are secured, and what secures them is asked for less often than what is owed
-- registers: product, month
-- What secures a note. Kind, form and the cycle of its valuations are one column; amounts are shares of what they are part of.
SELECT c.collateral_id AS _key, c.loan_id AS _parent,
       concat(c.kind, '|', c.form, '|', c.valuation_cycle) AS terms,
       CASE WHEN n.guarantee = 'E' THEN round(c.secured_amount / nullif(n.amount_rmb, 0), 4) END AS secured_share,
       round(c.secured_amount / nullif(c.value, 0), 2) AS loan_to_value,
       c.valuation_method, c.first_rank,
       n.granted_on - c.valued_on AS valued_before,
       c.revalued_on IS NOT NULL AS is_revalued,
       date_diff('day', (c.secured_on + to_months(c.valuation_cycle::INTEGER))::DATE, c.revalued_on) AS revalued_after,
       round(c.revalued_value / nullif(c.value, 0), 2) AS revalued_share
FROM collateral AS c JOIN loan AS n USING (loan_id)
-- emit
-- A note with a pledge, a mortgage or mixed security has what secures it, of the kind that its guarantee and product ask for:
-- where another was drawn for it, or nothing, it takes what was drawn for one like it.
WITH things AS (
    SELECT *, string_split(terms, '|') AS term FROM drawn_collateral
    QUALIFY row_number() OVER (PARTITION BY _parent ORDER BY _row) = 1
),
pool AS (
    SELECT _row, fits_in, row_number() OVER (PARTITION BY fits_in ORDER BY _row) AS place, count(*) OVER (PARTITION BY fits_in) AS size
    FROM (SELECT _row, unnest(['any', term[2], term[1]]) AS fits_in FROM things WHERE terms IS NOT NULL)
),
lives AS (SELECT loan_id, max(month) AS last_month FROM made_loan_balance GROUP BY loan_id),
notes AS (
    SELECT n._row, n.loan_id, n.guarantee, n.amount_rmb, n.granted_on, l._u1 AS u,
           CASE WHEN n.guarantee = 'B01' THEN 'property' WHEN n.guarantee = 'B99' THEN 'equipment'
                WHEN p.code = 'ip_pledge' THEN 'ip' WHEN p.code = 'data_pledge' THEN 'data_asset'
                WHEN n.guarantee = 'A' THEN 'pledge' ELSE 'any' END AS asked,
           least(coalesce(last_day(v.last_month + 1), n.due_on), w.last_day) AS ends_on
    FROM made_loan AS n JOIN drawn_loan AS l USING (_row) JOIN product AS p ON p.product_id = n.product_id
    LEFT JOIN lives AS v USING (loan_id) CROSS JOIN (SELECT max(month) AS last_day FROM month) AS w
    WHERE n.guarantee IN ('A', 'B01', 'B99', 'E')
),
secured AS (
    SELECT n.*, d.* EXCLUDE (_row, _id, _parent, secured_share, term),
           coalesce(d.term, string_split(CASE n.asked WHEN 'property' THEN 'property|mortgage|12' WHEN 'equipment' THEN 'equipment|mortgage|12'
                                         WHEN 'ip' THEN 'ip|pledge|12' WHEN 'data_asset' THEN 'data_asset|pledge|12'
                                         ELSE 'receivable|pledge|12' END, '|')) AS term,
           coalesce(o.secured_share, (SELECT mode(secured_share) FROM things), 1) AS part
    FROM notes AS n LEFT JOIN things AS o ON o._parent = n._row
    LEFT JOIN pool AS p ON p.fits_in = n.asked AND p.place = 1 + floor(n.u * p.size)
    LEFT JOIN things AS d ON d._row = CASE WHEN n.asked IN ('any', o.term[1], o.term[2]) THEN o._row ELSE p._row END
),
-- Values are in whole 10,000 yuan and rounded up, so no more is lent on a thing than its kind allows.
lent AS (
    SELECT *, CASE WHEN guarantee = 'E' THEN greatest(round(amount_rmb * least(part, 1), 2), 0.01) ELSE amount_rmb END AS amount,
           CASE term[1] WHEN 'receivable' THEN 0.8 WHEN 'property' THEN 0.7 WHEN 'equity' THEN 0.6 ELSE 0.5 END AS ceiling,
           ceil(amount / greatest(least(coalesce(loan_to_value, ceiling), ceiling), 0.01) / 10000) * 10000 AS value,
           (granted_on + to_months(term[3]::INTEGER))::DATE + greatest(coalesce(revalued_after, 0), 0)::INTEGER AS day_of_valuation,
           coalesce(is_revalued, false) AND day_of_valuation BETWEEN granted_on + 1 AND ends_on AS again
    FROM secured
)
SELECT _row, loan_id AS collateral_id, loan_id, term[1] AS kind, term[2] AS form, 'SYNQZ' || loan_id AS certificate_no,
       coalesce(first_rank, true) AS first_rank, granted_on AS secured_on, amount AS secured_amount,
       coalesce(valuation_method, 'agreed') AS valuation_method, granted_on - greatest(coalesce(valued_before, 30), 1)::INTEGER AS valued_on,
       value, 100 * amount / value AS loan_to_value, term[3]::BIGINT AS valuation_cycle,
       CASE WHEN again THEN day_of_valuation END AS revalued_on,
       CASE WHEN again THEN round(value * least(greatest(coalesce(revalued_share, 1), 0.5), 1.5) / 10000) * 10000 END AS revalued_value
FROM lent
