-- id: new_equity_deal
-- grain: deal in which a fund brings a firm new equity
-- caption: Deals without old shares, debt and guarantees, with the tests of an early and of a small firm at the deal,
--   and the statistical size of an investee of the data in the year before.
-- needs: deal(deal_id, fund_id, investee_id, enterprise_id, in_city, closed_on, stage, instrument, amount, secondary,
--   introduced, investee_age, investee_staff, investee_revenue, investee_assets, hard_tech, cluster_id),
--   enterprise_year(enterprise_id, year, size)
-- optional: early from deal(investee_age), early and small from deal(investee_staff, investee_revenue,
--   investee_assets), size_year_before from enterprise_year(enterprise_id, year, size), introduced from
--   deal(introduced), hard_tech from deal(hard_tech), cluster_id from deal(cluster_id), investee_id from
--   deal(investee_id)

SELECT
    deal_id,
    fund_id,
    investee_id,
    deal.enterprise_id,
    in_city,
    cluster_id,
    closed_on,
    deal.stage,
    amount,
    introduced,
    hard_tech,
    -- at most 60 months, 300 staff, CNY 50 million of revenue and of assets
    investee_age <= 60
    AND investee_staff <= 300
    AND investee_revenue <= 50000000
    AND investee_assets <= 50000000 AS early,
    -- at most 500 staff, CNY 200 million of revenue and of assets, of any age
    investee_staff <= 500 AND investee_revenue <= 200000000 AND investee_assets <= 200000000 AS small,
    size AS size_year_before
FROM deal
LEFT JOIN enterprise_year
    ON enterprise_year.enterprise_id = deal.enterprise_id AND enterprise_year.year = YEAR(closed_on) - 1
WHERE instrument IN ('common', 'preferred', 'convertible') AND NOT secondary
