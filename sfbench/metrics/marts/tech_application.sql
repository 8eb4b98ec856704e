-- id: tech_application
-- grain: tech application
-- caption: Applications of firms that are tech enterprises on the day they apply, or for products for such firms only.
-- needs: credit_application(application_id, enterprise_id, institution_id, product_id, channel, decision_model,
--   amount_requested, applied_on, decided_on, decision, amount_approved), product(product_id, tech_only), tag_span
-- optional: channel from credit_application(channel), decision_model from credit_application(decision_model),
--   amount_requested from credit_application(amount_requested), amount_approved from
--   credit_application(amount_approved)

WITH tech_product AS (
    SELECT product_id FROM product WHERE tech_only
),
-- Most applications are of firms that never hold a tag: they are left out before days are compared.
candidate AS (
    SELECT *
    FROM credit_application
    WHERE
        product_id IN (SELECT product_id FROM tech_product)
        OR enterprise_id IN (SELECT enterprise_id FROM tag_span)
),
tagged_application AS (
    SELECT DISTINCT application_id
    FROM candidate
    JOIN tag_span ON tag_span.enterprise_id = candidate.enterprise_id AND applied_on BETWEEN first_day AND last_day
)
SELECT
    application_id,
    institution_id,
    channel,
    decision_model,
    decision,
    applied_on,
    decided_on,
    LAST_DAY(DATE_TRUNC('quarter', applied_on) + INTERVAL 2 MONTH) AS applied_quarter,
    LAST_DAY(DATE_TRUNC('quarter', decided_on) + INTERVAL 2 MONTH) AS decided_quarter,
    amount_requested,
    amount_approved
FROM candidate
WHERE
    product_id IN (SELECT product_id FROM tech_product)
    OR application_id IN (SELECT application_id FROM tagged_application)
