-- id: tech_application
-- grain: tech application
-- caption: Applications of firms that are tech enterprises on the day they apply, or for products for such firms only,
--   and of firms that are tech enterprises on the day of the decision.
-- needs: credit_application(application_id, enterprise_id, institution_id, product_id, channel, decision_model,
--   amount_requested, applied_on, decided_on, decision, amount_approved), product(product_id, tech_only), tag_span
-- optional: channel from credit_application(channel), decision_model from credit_application(decision_model),
--   amount_requested from credit_application(amount_requested), amount_approved from
--   credit_application(amount_approved), tech_when_applied from credit_application(product_id), tech_when_applied from
--   product(product_id, tech_only)

WITH tech_product AS (
    SELECT product_id FROM product WHERE tech_only
),
-- Most applications are of firms that never hold a tag: they are left out before days are compared.
candidate AS (
    SELECT *, COALESCE(product_id IN (SELECT product_id FROM tech_product), FALSE) AS for_tech_only
    FROM credit_application
    WHERE
        product_id IN (SELECT product_id FROM tech_product)
        OR enterprise_id IN (SELECT enterprise_id FROM tag_span)
),
tag_day AS (
    SELECT
        application_id,
        BOOL_OR(applied_on BETWEEN first_day AND last_day) AS applied,
        BOOL_OR(decided_on BETWEEN first_day AND last_day) AS decided
    FROM candidate
    JOIN tag_span ON tag_span.enterprise_id = candidate.enterprise_id
    GROUP BY application_id
)
SELECT
    candidate.application_id,
    institution_id,
    channel,
    decision_model,
    decision,
    applied_on,
    decided_on,
    LAST_DAY(DATE_TRUNC('quarter', applied_on) + INTERVAL 2 MONTH) AS applied_quarter,
    LAST_DAY(DATE_TRUNC('quarter', decided_on) + INTERVAL 2 MONTH) AS decided_quarter,
    amount_requested,
    amount_approved,
    for_tech_only OR COALESCE(applied, FALSE) AS tech_when_applied,
    COALESCE(decided, FALSE) AS tech_when_decided
FROM candidate
LEFT JOIN tag_day ON tag_day.application_id = candidate.application_id
WHERE for_tech_only OR applied OR decided
