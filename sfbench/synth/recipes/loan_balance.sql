-- parent: loan loan_id
-- given: pays_every | paid_down; extended | ends_early, watch_months; longer_watched | extended; stays_after | loan.fails; ends_early | loan.fails, loan.outlives, loan.tenor_months, watch_months
-- no more: longer_watched
-- registers: month, product
-- by firm: sixteen rows a note; a note waits for its firm's other notes alone
-- The life of a note in one row: how it is paid down, how late it runs, how bad it gets. Months are written from that.
WITH lives AS (
    SELECT b.*, n.enterprise_id, n.amount, n.due_on, n.tenor_months,
           b.balance < lag(b.balance) OVER (PARTITION BY b.loan_id ORDER BY b.month) AS falls,
           least(greatest(date_diff('month', b.month, n.due_on), 1) / n.tenor_months, 1) AS left_share
    FROM loan_balance AS b JOIN loan AS n USING (loan_id)
),
defaults AS (
    SELECT n.enterprise_id, min(b.month) AS fell_on FROM loan_balance AS b JOIN loan AS n USING (loan_id)
    WHERE b.grade >= 'FQ03' GROUP BY n.enterprise_id
),
lines AS (
    SELECT loan_id,
           CASE WHEN bool_or(grade >= 'FQ03') THEN date_diff('month', any_value(d.fell_on), max(month)) END AS stays_after,
           count(*) FILTER (overdue_days > 0 AND grade < 'FQ03') AS overdue_months,
           count(*) FILTER (grade = 'FQ02') AS watch_months,
           CASE WHEN stays_after IS NULL
                THEN date_diff('month', min(month), least(min(due_on), DATE '2027-12-31')) + 1 - count(*) END AS ends_early,
           CASE WHEN min(balance) >= 0.995 * any_value(amount) THEN 'bullet'
                WHEN max(abs(balance / amount - left_share)) < 0.06 THEN 'even' ELSE 'other' END AS paid_down,
           round(date_diff('month', min(month) FILTER (falls), max(month) FILTER (falls))
                 / nullif(count(*) FILTER (falls) - 1, 0))::BIGINT AS pays_every,
           CASE WHEN paid_down = 'other' THEN round(arg_min(balance / amount, month), 2) END AS first_share,
           CASE WHEN paid_down = 'other' THEN round(arg_max(balance / amount, month), 2) END AS last_share,
           max(overdue_kind) AS overdue_kind,
           bool_or(status = 'LS02') AS extended,
           CASE WHEN extended THEN coalesce(min(grade) FILTER (extended_due_on IS NOT NULL) >= 'FQ02', false) END AS longer_watched,
           max(year(month) - list_version) AS list_lag
    FROM lives LEFT JOIN defaults AS d USING (enterprise_id) GROUP BY loan_id
)
SELECT loan_id AS _key, loan_id AS _parent, * EXCLUDE (loan_id) FROM lines
-- emit
-- A firm that defaults does so while a note is open, and its open notes with it: the others are paid before. A note runs
-- from its grant (or the window's begin); grades are at least what overdue days ask for, and if more than a tenth of a firm's claims at a bank
-- is non-performing, all are. A balance never rises, and falls by instalments. (DuckDB's least and greatest pass over nulls.)
WITH notes AS (
    SELECT d.*, n.loan_id, n.enterprise_id, n.institution_id, n.amount, n.currency, n.rate_kind, n.grant_rate,
           n.benchmark_rate, n.tenor_months, n.granted_on, n.due_on, e.default_month,
           CASE WHEN e.tech_firm <> 'never' THEN coalesce(e.tech_from, 0) END AS tech_from, coalesce(e.tech_until, 999) AS tech_until,
           coalesce(l.fails, false) AS fails, greatest(coalesce(d.pays_every, 1), 1) AS every,
           greatest(last_day(n.granted_on), (SELECT min(month) FROM month)) AS first_month
    FROM drawn_loan_balance AS d JOIN made_loan AS n ON n._row = d._parent
    JOIN drawn_loan AS l ON l._row = d._parent JOIN drawn_enterprise AS e ON e._row = l._parent
),
planned AS (
    SELECT *, greatest(date_diff('month', first_month, least(due_on, DATE '2027-12-31')) + 1 - CASE WHEN coalesce(extended, false) THEN coalesce(ends_early, 0) ELSE greatest(ends_early, 0) END, 1)
                  AS plan_months,
           date_diff('month', DATE '2016-01-01', first_month) AS begins_at
    FROM notes
),
met AS (
    SELECT * REPLACE (
        CASE WHEN default_month IS NOT NULL
             THEN first(greatest(CASE WHEN fails THEN default_month ELSE least(default_month, begins_at + plan_months - 1) END, begins_at)
                        ORDER BY NOT fails,
                                 greatest(begins_at - default_month,
                                          CASE WHEN NOT fails THEN default_month - begins_at - plan_months + 1 END, 0), _row)
                 OVER (PARTITION BY enterprise_id) END AS default_month),
        bool_or(fails) OVER (PARTITION BY enterprise_id) AS one_fails
    FROM planned
),
spans AS (
    SELECT *, default_month - begins_at AS falls_at,
           falls_at >= 0 AND (fails OR NOT one_fails AND falls_at < plan_months) AS falls,
           CASE WHEN falls THEN falls_at + 1 + coalesce(stays_after, 12)
                WHEN falls_at >= 0 THEN greatest(least(plan_months, falls_at), 1) ELSE plan_months END AS months
    FROM met
),
rows_of AS (
    SELECT s.*, m.month, m.usd_cny, date_diff('month', s.first_month, m.month) AS age,
           CASE WHEN s.tenor_months < 60 THEN a.lpr_1y ELSE a.lpr_5y END AS prime
    FROM spans AS s
    JOIN month AS m ON m.month BETWEEN s.first_month AND last_day(s.first_month + to_months((s.months - 1)::INTEGER))
    LEFT JOIN month AS a ON a.month = last_day(
        s.first_month + to_months((date_diff('month', s.first_month, m.month) // 12 * 12)::INTEGER))
),
lengths AS (SELECT *, count(*) OVER (PARTITION BY _row) AS held FROM rows_of),
defaulted AS (
    SELECT *, CASE WHEN falls THEN date_diff('month', DATE '2016-01-01', month) - default_month END AS after
    FROM lengths
),
late AS (
    SELECT *, least(greatest(CASE WHEN after >= -3 THEN 30 * after + 92
                                  WHEN NOT coalesce(falls, false) AND age >= held - overdue_months
                                  THEN least(30 * (age - held + overdue_months) + 1, 90) ELSE 0 END,
                             CASE WHEN month > due_on AND NOT coalesce(extended, false) THEN month - due_on ELSE 0 END,
                             0), month - granted_on, 3650) AS overdue_days,
           CASE WHEN month > due_on AND coalesce(extended, false)
                THEN (month + to_months((held + 12)::INTEGER))::DATE END AS extended_due_on
    FROM defaulted
),
graded AS (
    SELECT *, greatest(CASE WHEN overdue_days > 360 THEN 'FQ05' WHEN overdue_days > 270 THEN 'FQ04'
                            WHEN overdue_days > 90 THEN 'FQ03' WHEN overdue_days > 0 THEN 'FQ02' ELSE 'FQ01' END,
                       CASE WHEN after >= 0 THEN 'FQ03' WHEN age >= held - overdue_months - watch_months
                                      OR longer_watched AND extended_due_on IS NOT NULL THEN 'FQ02' ELSE 'FQ01' END) AS own_grade,
           greatest(round(amount * CASE
               WHEN paid_down = 'bullet' THEN 1
               WHEN paid_down = 'even' OR first_share IS NULL
               THEN least(greatest(tenor_months - date_diff('month', granted_on, month) // every * every, least(every, tenor_months))
                          / tenor_months, 1)
               ELSE first_share + (least(coalesce(last_share, 0), first_share) - first_share) * (age // every * every) / greatest(held - 1, 1)
               END, 2), 0.01)
               AS held_balance
    FROM late
),
valued AS (
    SELECT *, least(held_balance, amount)::DECIMAL(18, 2) AS balance,
           CASE WHEN currency = 'CNY' THEN least(held_balance, amount)
                ELSE round(least(held_balance, amount) * usd_cny, 2) END::DECIMAL(18, 2) AS balance_rmb
    FROM graded
),
claims AS (
    SELECT *, sum(CASE WHEN own_grade >= 'FQ03' THEN balance_rmb ELSE 0 END) OVER claim * 10 > sum(balance_rmb) OVER claim
              AND month >= DATE '2023-07-01' AS all_bad
    FROM valued WINDOW claim AS (PARTITION BY month, enterprise_id, institution_id)
)
SELECT row_number() OVER (ORDER BY _row, month) AS _row, month, loan_id, balance, balance_rmb,
       CASE WHEN rate_kind = 'RF01' OR prime IS NULL OR benchmark_rate IS NULL THEN grant_rate
            ELSE greatest(grant_rate + prime - benchmark_rate, 0) END AS rate,
       CASE WHEN all_bad THEN greatest(own_grade, 'FQ03') ELSE own_grade END AS grade,
       CASE WHEN overdue_days > 0 THEN 'LS03' WHEN extended_due_on IS NOT NULL THEN 'LS02' ELSE 'LS01' END AS status,
       CASE WHEN overdue_days > 0 THEN coalesce(overdue_kind, '01') END AS overdue_kind,
       overdue_days, extended_due_on,
       coalesce(begins_at + age BETWEEN tech_from AND tech_until, false) AS tech_enterprise,
       year(month) - greatest(coalesce(list_lag, 0), 0) AS list_version
FROM claims
