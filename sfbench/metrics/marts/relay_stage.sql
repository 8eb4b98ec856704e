-- id: relay_stage
-- grain: firm of the city that ever held an in-scope tag x stage of financing that it reached
-- caption: Stages angel, venture, pe, loan and market by their first day, in order, up to the last month.
-- needs: month(month), tag_span, enterprise(enterprise_id, in_city, first_credit_on), new_equity_deal,
--   listing(enterprise_id, step_on, proceeds), bond(enterprise_id, issued_on)

WITH firm AS (
    SELECT enterprise_id, first_credit_on
    FROM enterprise
    WHERE in_city AND enterprise_id IN (SELECT enterprise_id FROM tag_span)
),
event AS (
    SELECT
        enterprise_id,
        CASE
            WHEN stage IN ('seed', 'angel') THEN 'angel'
            WHEN stage IN ('series_a', 'series_b') THEN 'venture'
            WHEN stage IN ('growth', 'pre_ipo', 'buyout') THEN 'pe'
        END AS stage,
        closed_on AS event_on
    FROM new_equity_deal
    UNION ALL
    SELECT enterprise_id, 'loan', first_credit_on FROM firm
    UNION ALL
    SELECT enterprise_id, 'market', step_on FROM listing WHERE proceeds IS NOT NULL
    UNION ALL
    SELECT enterprise_id, 'market', issued_on FROM bond
),
reached AS (
    SELECT enterprise_id, stage, MIN(event_on) AS reached_on
    FROM event
    WHERE
        enterprise_id IN (SELECT enterprise_id FROM firm)
        AND stage IS NOT NULL
        AND event_on <= (SELECT MAX(month) FROM month)
    GROUP BY enterprise_id, stage
)
SELECT
    enterprise_id,
    stage,
    reached_on,
    -- of stages reached on one day the equity stages come first, the market last
    ROW_NUMBER() OVER (
        PARTITION BY enterprise_id
        ORDER BY
            reached_on,
            CASE stage WHEN 'angel' THEN 1 WHEN 'venture' THEN 2 WHEN 'pe' THEN 3 WHEN 'loan' THEN 4 ELSE 5 END
    ) AS place,
    MIN(reached_on) OVER (PARTITION BY enterprise_id) AS began_on
FROM reached
