-- id: insurance_line_variety
-- measure: 15
-- zh: 险种数
-- en: Variety of lines
-- period: year
-- component: lines | count | not additive | 有承保的险种数 | Lines sold
-- component: lines_special | count | not additive | 其中专项科技险种数 | Of them special tech lines
-- component: products | count | not additive | 有承保的产品数 | Products sold
-- component: new_products | count | not additive | 当年推出的产品数 | Products launched in the year
-- component: new_products_sold | count | not additive | 其中当年有承保 | Of them sold in the year
-- cuts: total
-- direction: up
-- source: metrics.csv: distinct lines and products with sales in the period; new products. Decided where it is silent:
--   lines and products of policies written in the year, special lines by the policy's scope; new products are launched
--   in the year, sold or not. None is additive: a smaller world sells fewer lines, but not in proportion.
-- source_zh: 当期有承保的险种数和产品数（去重）；新产品数。补充口径：取当年承保保单的险种和产品，专项险种以保单口径为
--   准；新产品为当年推出，不论是否承保。各项均不可加总：规模缩小时险种随之减少，但不成比例。
-- needs: month(month), insurance_policy(insurance_product_id, line, scope, written_on),
--   insurance_product(insurance_product_id, launched_on)

WITH year AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
),
sale AS (
    SELECT DISTINCT YEAR(written_on) AS year, line, scope, insurance_product_id FROM insurance_policy
),
sales AS (
    SELECT
        year,
        COUNT(DISTINCT line) AS lines,
        COUNT(DISTINCT line) FILTER (WHERE scope = 'special') AS lines_special,
        COUNT(DISTINCT insurance_product_id) AS products
    FROM sale
    GROUP BY year
),
launches AS (
    SELECT
        YEAR(launched_on) AS year,
        COUNT(DISTINCT insurance_product.insurance_product_id) AS new_products,
        COUNT(DISTINCT sale.insurance_product_id) AS new_products_sold
    FROM insurance_product
    LEFT JOIN sale
        ON sale.insurance_product_id = insurance_product.insurance_product_id AND sale.year = YEAR(launched_on)
    GROUP BY YEAR(launched_on)
),
figure AS (
    SELECT
        period,
        COALESCE(lines, 0) AS lines,
        COALESCE(lines_special, 0) AS lines_special,
        COALESCE(products, 0) AS products,
        COALESCE(new_products, 0) AS new_products,
        COALESCE(new_products_sold, 0) AS new_products_sold
    FROM year
    LEFT JOIN sales ON sales.year = YEAR(period)
    LEFT JOIN launches ON launches.year = YEAR(period)
)
SELECT
    period,
    'total' AS cut,
    'total' AS cut_value,
    component,
    CAST(value AS DOUBLE) AS value,
    NULL AS scope_version
FROM figure
UNPIVOT (value FOR component IN (lines, lines_special, products, new_products, new_products_sold))
