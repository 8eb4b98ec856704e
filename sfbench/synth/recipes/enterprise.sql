-- first: class
-- given: of all loan: amount | class; of loan | of all loan: amount~, class; of loan: borrower_size | of all loan: amount, of loan~, class; of loan: strategic | class, of all loan: amount~; kind | class, of loan: strategic, of all loan: amount~; of loan: green | of all loan: amount~, class; industry_code | kind, of loan: strategic, of all loan: amount~, of loan: green; tech_firm | class, of all loan: amount~; tech_from | tech_firm; tech_until | tech_firm; default_month | of loan: borrower_size, of loan
-- registers: industry, district, cluster, month
-- outsiders know: district_id, registered_capital, founded_month, founded_day, industry_code
-- What a firm is, and days counted from its founding. Keys, codes, names, addresses are not read.
-- The class stands before what the firm owes, as the plan's figures are totals of it: is the firm ever a tech enterprise, is its
-- trade a tech one. Its months as one are kept with the firm, so all of its notes are flagged alike.
WITH first_note AS (SELECT enterprise_id, min(granted_on) AS granted_on FROM loan GROUP BY enterprise_id),
defaults AS (
    SELECT n.enterprise_id, min(b.month) FILTER (b.grade >= 'FQ03') AS month,
           min(b.month) FILTER (b.tech_enterprise) AS begins, max(b.month) FILTER (b.tech_enterprise) AS ends,
           CASE WHEN begins IS NULL THEN 'never' WHEN ends < max(b.month) THEN 'until' WHEN begins > min(b.month) THEN 'since'
                ELSE 'always' END AS tech_firm,
           CASE WHEN begins > min(b.month) THEN date_diff('month', DATE '2016-01-01', begins) END AS tech_from,
           CASE WHEN tech_firm = 'until' THEN date_diff('month', DATE '2016-01-01', ends) END AS tech_until
    FROM loan_balance AS b JOIN loan AS n USING (loan_id)
    GROUP BY n.enterprise_id
),
groups AS (SELECT group_id, count(*) AS members FROM enterprise WHERE group_id IS NOT NULL GROUP BY group_id)
SELECT e.enterprise_id AS _key,
       concat(CASE WHEN b.tech_firm <> 'never' THEN 'tech' ELSE 'other' END, '|',
              coalesce(i.htp, i.hts, i.pa, i.se_classes) IS NOT NULL) AS class,
       CASE WHEN i.htp IS NOT NULL THEN 'making' WHEN i.hts IS NOT NULL THEN 'service'
            WHEN coalesce(i.pa, i.se_classes) IS NOT NULL THEN 'near' END AS kind,
       e.industry_code,
       e.district_id::VARCHAR AS district_id,
       CASE WHEN e.district_id IS NULL THEN e.area_code END AS area_outside,
       e.hard_tech,
       e.cluster_id::VARCHAR AS cluster_id,
       e.cluster_2022_id::VARCHAR AS cluster_2022_id,
       e.ownership,
       CASE WHEN e.group_id = e.enterprise_id THEN 'head' WHEN e.group_id IS NOT NULL THEN 'member' END AS group_role,
       e.registered_capital,
       date_diff('month', DATE '1970-01-01', e.founded_on) AS founded_month,
       day(e.founded_on) AS founded_day,
       e.listed_on - e.founded_on AS listed_after,
       e.first_ip_on - e.founded_on AS first_ip_after,
       e.dissolved_on - e.founded_on AS dissolved_after,
       e.first_credit_on = n.granted_on AS credit_begins_with_note,
       e.first_credit_on - e.founded_on AS first_credit_after,
       date_diff('month', DATE '2016-01-01', b.month) AS default_month,
       b.tech_firm, b.tech_from, b.tech_until
FROM enterprise AS e LEFT JOIN industry AS i USING (industry_code) LEFT JOIN first_note AS n USING (enterprise_id) LEFT JOIN defaults AS b USING (enterprise_id)
LEFT JOIN groups AS g USING (group_id)
-- emit
-- A firm is founded before its first note and there until its last; its first credit is not after its first note.
WITH notes AS (
    SELECT _parent AS _row, min(note_day(granted_month, granted_day)) AS first_on,
           max(note_day(granted_month, granted_day)) AS last_on, count(*) AS number
    FROM drawn_loan GROUP BY _parent
),
days AS (
    SELECT d.*, n.first_on,
           least(DATE '1970-01-01' + to_months(d.founded_month::INTEGER) + to_days((greatest(d.founded_day, 1) - 1)::INTEGER),
                 coalesce(n.first_on, DATE '2027-12-31'))::DATE AS founded_on,
           n.last_on, n.number
    FROM drawn_enterprise AS d LEFT JOIN notes AS n USING (_row)
),
credit AS (
    SELECT *, CASE WHEN first_on IS NOT NULL AND coalesce(credit_begins_with_note, false) THEN first_on
                   WHEN first_credit_after IS NOT NULL
                   THEN least(founded_on + greatest(first_credit_after, 0)::INTEGER, first_on)
                   WHEN number > 0 THEN coalesce(first_on, founded_on) END
               AS first_credit_on
    FROM days
),
ended AS (
    SELECT *, CASE WHEN dissolved_after IS NOT NULL
                   THEN greatest(founded_on + greatest(dissolved_after, 0)::INTEGER,
                                 last_on, first_credit_on)::DATE END AS dissolved_on
    FROM credit
),
heads AS (
    SELECT _id, founded_on, row_number() OVER (ORDER BY founded_on, _row) AS place
    FROM ended WHERE group_role = 'head'
),
older AS (
    SELECT e._row, e._u3, count(*) FILTER (WHERE h.founded_on <= e.founded_on) AS heads
    FROM ended AS e CROSS JOIN heads AS h WHERE e.group_role = 'member' GROUP BY ALL
),
grouped AS (SELECT o._row, h._id AS group_id FROM older AS o JOIN heads AS h ON h.place = 1 + floor(o._u3 * o.heads) WHERE o.heads > 0)
SELECT e._row, e._id AS enterprise_id, f.uscc, f.name_zh, e.industry_code, e.district_id::BIGINT AS district_id,
       coalesce(r.area_code, e.area_outside, '440000') AS area_code, f.address, f.postcode, e.district_id IS NOT NULL AS in_city,
       e.hard_tech, new.cluster_id, old.cluster_id AS cluster_2022_id,
       CASE WHEN e.group_role = 'head' THEN e._id ELSE g.group_id END AS group_id,
       e.ownership, e.registered_capital, f.legal_representative, f.phone, f.email, e.founded_on, e.dissolved_on,
       e.first_credit_on,
       CASE WHEN e.listed_after IS NOT NULL
            THEN least(e.founded_on + greatest(e.listed_after, 0)::INTEGER, e.dissolved_on) END AS listed_on,
       CASE WHEN e.first_ip_after IS NOT NULL
            THEN least(e.founded_on + greatest(e.first_ip_after, 0)::INTEGER, e.dissolved_on) END AS first_ip_on
FROM ended AS e JOIN fictional_enterprise AS f USING (_row)
LEFT JOIN district AS r ON r.district_id = e.district_id::BIGINT LEFT JOIN grouped AS g USING (_row)
LEFT JOIN cluster AS new ON new.cluster_id = e.cluster_id::BIGINT AND new.version = 'v2'
LEFT JOIN cluster AS old ON old.cluster_id = e.cluster_2022_id::BIGINT AND old.version = 'v1'
