-- id: bond_enhancement_cover
-- measure: 5
-- zh: 增信覆盖率
-- en: Share of issuance with credit enhancement
-- period: quarter
-- component: enhanced_share | % | not additive | 增信发行占比 | Enhanced share of issuance
-- component: covered_share | % | not additive | 增信保障占比 | Share of issuance that is covered
-- component: crmw_share | % | not additive | CRMW名义本金占比 | CRMW notional over issuance
-- component: enhanced_amount | CNY 100m | additive | 增信发行额 | Enhanced issuance
-- cuts: total, enhancement_kind
-- direction: up
-- source: metrics.csv: enhanced amount / issued; CRMW notional / issued. Decided where it is silent: STI bonds issued
--   in the quarter; a bond is enhanced if it has a guarantor or a protection of either kind created by the quarter's
--   end. enhanced takes a bond's whole amount, once; covered a guaranteed bond in full, another up to the notional of
--   its contracts; crmw the notional of CRMW alone. Under the cut a bond counts under each kind that it has, so the
--   kinds do not add up; guarantors are told apart by their kind of institution.
-- source_zh: 增信发行额占发行额的比例；信用风险缓释凭证（CRMW）名义本金占发行额的比例。补充口径：取当季发行的科创债；
--   有担保人，或截至季末已创设任一种信用保护工具的，为增信债券。增信发行占比计债券全额，只计一次；增信保障占比中有担
--   保的计全额，其余以合约名义本金为限；CRMW占比只计其名义本金。分组时债券计入其每一种增信方式，故各组不可加总；担保
--   人按机构类型区分。
-- needs: month(month), bond(bond_id, scope_version, issued_on, amount, guarantor_id), credit_protection(bond_id, kind,
--   created_on, notional), institution(institution_id, kind)

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
issue AS (
    SELECT period, bond_id, amount, guarantor.kind AS guarantor_kind
    FROM quarter
    JOIN bond ON DATE_TRUNC('quarter', issued_on) = DATE_TRUNC('quarter', period)
    LEFT JOIN institution AS guarantor ON guarantor.institution_id = guarantor_id
    WHERE scope_version IS NOT NULL
),
protection AS (
    SELECT period, bond_id, amount, kind, SUM(notional) AS notional
    FROM issue
    JOIN credit_protection USING (bond_id)
    WHERE created_on <= period
    GROUP BY period, bond_id, amount, kind
),
bond_cover AS (
    SELECT
        period,
        issue.amount,
        SUM(notional) FILTER (WHERE kind = 'CRMW') AS crmw,
        CASE
            WHEN guarantor_kind IS NULL THEN LEAST(issue.amount, COALESCE(SUM(notional), 0))
            ELSE issue.amount
        END AS covered
    FROM issue
    LEFT JOIN protection USING (period, bond_id)
    GROUP BY period, bond_id, issue.amount, guarantor_kind
),
kind_cover AS (
    SELECT period, guarantor_kind AS kind, amount, amount AS covered FROM issue WHERE guarantor_kind IS NOT NULL
    UNION ALL
    SELECT period, kind, amount, LEAST(amount, notional) FROM protection
),
total AS (
    SELECT
        period,
        COALESCE(SUM(amount), 0) AS issued,
        COALESCE(SUM(amount) FILTER (WHERE covered > 0), 0) AS enhanced,
        COALESCE(SUM(covered), 0) AS covered,
        COALESCE(SUM(crmw), 0) AS crmw
    FROM quarter
    LEFT JOIN bond_cover USING (period)
    GROUP BY period
),
-- The four kinds in every quarter with issuance, so that an unused one shows its zero.
kind AS (
    SELECT period, issued, kind
    FROM total
    CROSS JOIN (VALUES ('guarantor'), ('bond_insurer'), ('CRMW'), ('CONTRACT')) AS used (kind)
    WHERE issued > 0
),
amounts AS (
    SELECT period, 'total' AS cut, 'total' AS cut_value, issued, enhanced, covered, crmw FROM total
    UNION ALL
    SELECT period, 'enhancement_kind', kind, issued, COALESCE(SUM(amount), 0), COALESCE(SUM(covered), 0), NULL
    FROM kind
    LEFT JOIN kind_cover USING (period, kind)
    GROUP BY period, kind, issued
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        100.0 * CAST(enhanced AS DOUBLE) / NULLIF(CAST(issued AS DOUBLE), 0) AS enhanced_share,
        100.0 * CAST(covered AS DOUBLE) / NULLIF(CAST(issued AS DOUBLE), 0) AS covered_share,
        100.0 * CAST(crmw AS DOUBLE) / NULLIF(CAST(issued AS DOUBLE), 0) AS crmw_share,
        CAST(enhanced AS DOUBLE) / 1e8 AS enhanced_amount
    FROM amounts
)
SELECT
    period,
    cut,
    cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (enhanced_share, covered_share, crmw_share, enhanced_amount))
WHERE cut = 'total' OR value IS NOT NULL
