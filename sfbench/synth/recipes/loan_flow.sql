-- parent: loan_balance loan_id
-- after: loan_balance
-- given: lost_by | loan.fails, loan.amount; ended_after | lost_by, loan.fails; made_up | loan.fails, pays_every; longer | extended; opening_ratio | loan.granted_month, paid_down
-- no more: longer, made_up
-- apart: flows follow from balances
-- only if named: flows are seven rows a note, and all that balances do not say of them are days and kinds
-- registers: month
-- What balances leave open: how a bad note goes (paid late, written off, transferred), the day on which a note ends, whether
-- a bad note's arrears are made up, what a longer term is called, and what a note from before the window had then.
WITH lives AS (
    SELECT loan_id, arg_min(balance, month) AS first_balance, min(month) FILTER (grade >= 'FQ03') AS bad_month
    FROM loan_balance GROUP BY loan_id
),
ends AS (
    SELECT loan_id, sum(amount) = 0 AS is_over, arg_max(kind, flow_no) FILTER (amount <> 0) AS last_kind,
           max(event_on) FILTER (amount <> 0) AS last_on, min(event_on) FILTER (kind = 'recovery') AS made_up_on,
           max(kind) FILTER (kind IN ('extension', 'restructuring')) AS longer,
           max(amount) FILTER (kind = 'opening') AS opening
    FROM loan_flow GROUP BY loan_id
),
instalments AS (
    SELECT loan_id, mode(day(event_on) - least(day(granted_on), day(last_day(event_on)))) AS instalment_shift
    FROM loan_flow AS f JOIN ends USING (loan_id) JOIN loan USING (loan_id)
    WHERE kind = 'repayment' AND event_on < last_on GROUP BY loan_id
)
SELECT loan_id AS _key, loan_id AS _parent,
       CASE WHEN e.is_over AND l.bad_month IS NOT NULL THEN e.last_kind END AS lost_by,
       CASE WHEN e.is_over THEN e.last_on - n.due_on END AS ended_after,
       CASE WHEN l.bad_month IS NOT NULL
            THEN coalesce(e.made_up_on < e.last_on OR NOT e.is_over AND e.made_up_on IS NOT NULL, false) END AS made_up,
       e.longer,
       i.instalment_shift,
       round(e.opening / l.first_balance, 2) AS opening_ratio
FROM ends AS e JOIN lives AS l USING (loan_id) JOIN loan AS n USING (loan_id) LEFT JOIN instalments AS i USING (loan_id)
-- emit
-- Flows are the steps of the copy's balances, so a balance is always the one before plus its flows. A note without balances
-- was paid within the month in which it could have had its first.
WITH ends AS (
    SELECT min(month) AS first_month, max(month) AS last_month, last_day(min(month) - INTERVAL 1 MONTH) AS opening_day FROM month
),
drawn AS (
    SELECT b._parent AS _row, d.* EXCLUDE (_row, _parent), l._u1 AS u
    FROM drawn_loan_balance AS b JOIN drawn_loan AS l ON l._row = b._parent LEFT JOIN drawn_loan_flow AS d ON d._parent = b._row
    QUALIFY row_number() OVER (PARTITION BY b._parent ORDER BY b._row) = 1
),
lives AS (
    SELECT loan_id, min(month) AS begins_in, max(month) AS ends_in, min(month) FILTER (grade >= 'FQ03') AS bad_month,
           arg_min(balance, month) AS first_balance, arg_max(balance, month) AS last_balance,
           min(month) FILTER (extended_due_on IS NOT NULL) AS longer_month, max(month) FILTER (grade = 'FQ01') AS last_normal
    FROM made_loan_balance GROUP BY loan_id
),
-- Ways in which bad notes end, for those of which none was drawn that end in the copy.
ways AS (
    SELECT lost_by, row_number() OVER (ORDER BY _row) AS place, count(*) OVER () AS size FROM drawn_loan_flow WHERE lost_by IS NOT NULL
),
notes AS (
    SELECT n.loan_id, n.amount, n.currency, n.granted_on, n.due_on, w.first_month, w.last_month, w.opening_day,
           n.granted_on <= w.opening_day AS old, d.* EXCLUDE (_row), l.* EXCLUDE (loan_id),
           CASE WHEN NOT old THEN n.amount
                WHEN l.first_balance IS NULL THEN greatest(round(n.amount * 0.5, 2), 0.01)
                ELSE least(greatest(round(l.first_balance * coalesce(d.opening_ratio, 1), 2), l.first_balance), n.amount)
                END::DECIMAL(18, 2) AS begun
    FROM made_loan AS n CROSS JOIN ends AS w LEFT JOIN drawn AS d USING (_row) LEFT JOIN lives AS l USING (loan_id)
),
steps AS (
    SELECT loan_id, month, balance - lag(balance) OVER (PARTITION BY loan_id ORDER BY month) AS change, false AS is_last
    FROM made_loan_balance
    UNION ALL
    SELECT loan_id, begins_in, first_balance - begun, false FROM notes WHERE begins_in IS NOT NULL
    UNION ALL
    SELECT loan_id, last_day(coalesce(ends_in + 1, greatest(granted_on, first_month))), -coalesce(last_balance, begun), true
    FROM notes WHERE ends_in IS NULL OR ends_in < last_month
),
falls AS (
    SELECT s.*, n.* EXCLUDE (loan_id), date_trunc('month', month)::DATE AS begin_of_month,
           coalesce(NOT is_last AND month > bad_month AND row_number() OVER later = 1, false) AS may_make_up
    FROM steps AS s JOIN notes AS n USING (loan_id) WHERE change < 0
    WINDOW later AS (PARTITION BY s.loan_id, is_last, month > bad_month ORDER BY month)
),
-- Arrears are made up with a bad note's first payment, of those first of which it was drawn, as often as it was drawn.
made_up AS (
    SELECT *, CASE WHEN may_make_up THEN row_number() OVER (PARTITION BY may_make_up ORDER BY NOT coalesce(made_up, false), u, loan_id) END
                  AS turn
    FROM falls
),
payments AS (
    SELECT f.loan_id, f.change AS amount, f.currency,
           greatest(least(CASE WHEN is_last AND last_day(due_on + coalesce(ended_after, 0)::INTEGER) = month
                               THEN due_on + coalesce(ended_after, 0)::INTEGER
                               WHEN is_last AND last_day(due_on) = month THEN due_on
                               ELSE begin_of_month + (least(day(granted_on), day(month)) - 1 + coalesce(instalment_shift, 0))::INTEGER
                               END, month), begin_of_month, granted_on)::DATE AS event_on,
           CASE WHEN is_last AND bad_month IS NOT NULL THEN coalesce(f.lost_by, w.lost_by, 'write_off')
                WHEN turn <= (SELECT count(*) FILTER (made_up) FROM drawn_loan_flow) THEN 'recovery'
                ELSE 'repayment' END AS kind
    FROM made_up AS f LEFT JOIN ways AS w ON w.place = 1 + floor(f.u * w.size)
),
-- A restructured note is watched for a year; of those that are, as many were restructured as were drawn.
extended AS (
    SELECT loan_id, currency, greatest(due_on, date_trunc('month', longer_month))::DATE AS event_on,
           event_on < DATE '2023-07-01' OR coalesce(last_normal < event_on, true) AS watched,
           row_number() OVER (ORDER BY NOT watched, u, loan_id) <= count(*) OVER () * s.share AND watched AS restructured
    FROM notes CROSS JOIN (SELECT coalesce(avg((longer = 'restructuring')::INTEGER), 0) AS share FROM drawn_loan_flow) AS s
    WHERE longer_month IS NOT NULL AND due_on > opening_day
),
flows AS (
    SELECT loan_id, currency, begun AS amount, CASE WHEN old THEN 'opening' ELSE 'drawdown' END AS kind,
           CASE WHEN old THEN opening_day ELSE granted_on END AS event_on
    FROM notes
    UNION ALL BY NAME FROM payments
    UNION ALL BY NAME
    SELECT loan_id, currency, 0 AS amount, CASE WHEN restructured THEN 'restructuring' ELSE 'extension' END AS kind, event_on
    FROM extended
),
valued AS (
    SELECT f.loan_id, f.event_on, f.kind, f.amount, m.month, f.currency <> 'CNY' AS is_foreign,
           CASE WHEN is_foreign THEN round(f.amount * m.usd_cny, 2) ELSE f.amount END::DECIMAL(18, 2) AS amount_rmb
    FROM flows AS f CROSS JOIN ends AS w JOIN month AS m ON m.month = last_day(greatest(f.event_on, w.first_month))
),
foreign_balances AS (
    SELECT b.loan_id, b.month, b.balance_rmb, n.last_month
    FROM made_loan_balance AS b JOIN notes AS n USING (loan_id) WHERE n.currency <> 'CNY'
),
-- What the flows of a foreign note leave unexplained in yuan: the rate moved.
stocks AS (
    SELECT loan_id, month, balance_rmb - coalesce(lag(balance_rmb) OVER (PARTITION BY loan_id ORDER BY month), 0) AS change_rmb
    FROM foreign_balances
    UNION ALL
    SELECT loan_id, last_day(max(month) + 1), -arg_max(balance_rmb, month) FROM foreign_balances
    GROUP BY loan_id, last_month HAVING max(month) < last_month
    UNION ALL SELECT loan_id, month, -amount_rmb FROM valued WHERE is_foreign
),
revalued AS (SELECT loan_id, month, sum(change_rmb) AS amount_rmb FROM stocks GROUP BY ALL HAVING sum(change_rmb) <> 0),
every_flow AS (
    SELECT loan_id, event_on, kind, amount, amount_rmb FROM valued
    UNION ALL SELECT loan_id, month, 'valuation', 0, amount_rmb FROM revalued
)
SELECT row_number() OVER (ORDER BY loan_id, flow_no) AS _row, * FROM (
    SELECT loan_id,
           row_number() OVER (PARTITION BY loan_id ORDER BY event_on, kind NOT IN ('opening', 'drawdown'), kind = 'valuation', kind) - 1
               AS flow_no,
           event_on, kind, amount, amount_rmb
    FROM every_flow)
