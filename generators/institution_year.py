"""An institution's year: size, capital, revenue, digital spending, and what a guarantor may guarantee.

Figures are of the business in the city, x scale like all capacities: a bank's assets follow its market shares and the
city's loans. They are year-end returns, known at the year end as bank reports are at the month end.
"""

import numpy as np

from sfbench.kit import (
    Column,
    Table,
    calibration,
    calibration_numbers,
    month_end,
    nullable,
    split,
    vocabulary,
    vocabulary_numbers,
)

TABLE = Table(
    zh="机构年报",
    en="Institutions by year",
    stage="prelude",
    fixed_rows=756,
    row_bytes=41,
    key=("institution_id", "year"),
    needs=("fiscal_support",),
    measures=(13, 14, 19),
    event_on="year_end",
    known_on="year_end",
    rows_by="2021-12-31",
    columns=(
        Column("institution_id", "key", "机构编号", "Institution", references="institution.institution_id"),
        Column("year", "count", "年度", "Year", low=2021, high=2027),
        Column("year_end", "date", "年末", "Year end", low_on="2021-12-31", high_on="2027-12-31"),
        Column("total_assets", "money", "总资产", "Total assets", unit="CNY", low=0.01),
        Column("net_assets", "money", "净资产", "Net assets", unit="CNY", low=0.01),
        Column(
            "tier1_capital", "money", "一级资本净额", "Tier-1 capital, banks only", unit="CNY", low=0.01, nullable=True
        ),
        Column("revenue", "money", "营业收入", "Operating revenue", unit="CNY", low=0.01),
        Column("it_spend", "money", "信息科技投入", "Spending on information technology", unit="CNY", low=0),
        Column("products", "count", "产品数", "Products on offer", low=1),
        Column("digital_products", "count", "全流程线上产品数", "Products that are fully digital", low=0),
        Column(
            "claim_tolerance",
            "rate",
            "代偿率容忍度",
            "Tolerated claim rate, percent of liability released, guarantors only",
            unit="%",
            low=0,
            high=20,
            nullable=True,
        ),
        Column(
            "multiple_limit",
            "count",
            "担保责任余额放大倍数上限",
            "Most weighted liability over net assets, guarantors only",
            low=1,
            high=15,
            nullable=True,
        ),
        Column(
            "liability_capacity",
            "money",
            "担保责任余额上限",
            "Most weighted liability, guarantors only",
            unit="CNY",
            low=0,
            nullable=True,
        ),
    ),
)

YEARS = np.arange(2021, 2028)
TOLERANCE_RAISED = 2024
CENTS = 1e10  # of CNY 100m
SIZES = ("large", "medium", "small", "micro", "household")


def rows(block, needs, params, draw):
    """One row an institution and year. Handed on: `_capacity` and `_net_assets`, cents by (institution, year)."""
    banks = vocabulary("institution", "kind").count("bank")
    group = _groups()
    number = np.arange(1, len(group) + 1)
    entity = np.repeat(number, len(YEARS))
    year = np.tile(YEARS, len(number))

    def differ(name):
        """Multipliers by (institution, year): lasting differences from the kind, and the year's own."""
        own = 1 + params["institution.ratio_spread"] * (2 * draw.uniform(name, number) - 1)
        noise = 1 + params["institution.ratio_noise"] * (2 * draw.uniform(f"{name}.year", entity, year) - 1)
        return own[:, None] * noise.reshape(len(number), -1)

    bank_assets = _bank_assets(banks, params)
    own_net = _own_net_assets(params)
    own_net[:, 1:] += np.cumsum(needs["fiscal_support"]["_capital"][banks:], axis=1)
    net_ratio = _ratio("net_assets")[group][:, None] * differ("net_assets")
    assets = np.concatenate([bank_assets, _cents(own_net / net_ratio[banks:] * 100)])
    net_assets = np.concatenate([_cents(bank_assets * net_ratio[:banks] / 100), own_net])
    # Tier-1 capital moves with net assets: most of it, whatever the year.
    tier1 = _cents(net_assets * (_ratio("tier1") / _ratio("net_assets"))[group][:, None])
    revenue = _cents(assets * _ratio("revenue")[group][:, None] * differ("revenue") / 100)
    products, digital = _products(group, number, draw)
    multiple = np.concatenate([np.zeros(banks), np.nan_to_num(calibration_numbers("institution_size", "multiple"))])
    multiple = np.repeat(multiple.astype(np.int64)[:, None], len(YEARS), axis=1)
    guarantees = multiple > 0
    tolerance, tolerates = _tolerance(group, params)
    columns = {
        "institution_id": entity,
        "year": year,
        "year_end": month_end(year * 12 + 11),
        "total_assets": assets,
        "net_assets": net_assets,
        "tier1_capital": nullable(tier1.reshape(-1), (tier1 > 0).reshape(-1)),
        "revenue": revenue,
        "it_spend": _cents(revenue * _path("it", (2021, 2024, 2027))[group] * differ("it") / 100),
        "products": products,
        "digital_products": digital,
        "claim_tolerance": nullable(tolerance.reshape(-1), tolerates.reshape(-1)),
        "multiple_limit": nullable(multiple.reshape(-1), guarantees.reshape(-1)),
        "liability_capacity": nullable((net_assets * multiple).reshape(-1), guarantees.reshape(-1)),
        "_capacity": net_assets * multiple,
        "_net_assets": net_assets,
    }
    return {
        name: cells.reshape(-1) if isinstance(cells, np.ndarray) and not name.startswith("_") else cells
        for name, cells in columns.items()
    }


def _cents(amount):
    return np.floor(amount + 0.5).astype(np.int64)


def _groups():
    """Row of institution_ratio.csv of each institution: its bank type, or its kind."""
    names = calibration("institution_ratio", "group")
    pairs = zip(vocabulary("institution", "bank_type"), vocabulary("institution", "kind"), strict=True)
    return np.array([names.index(bank_type or kind) for bank_type, kind in pairs])


def _ratio(name):
    return calibration_numbers("institution_ratio", name)


def _path(name, knots):
    """(groups, years) of a ratio that is given for some years, linear between."""
    known = np.stack([_ratio(f"{name}_{year}") for year in knots])
    return np.stack([np.interp(YEARS, knots, column) for column in known.T])


def _bank_assets(banks, params):
    """(banks, years) cents: the city's bank assets x scale, split exactly by market share."""
    total = calibration_numbers("bank_assets", "all_loans") * params["institution.assets_per_loan"] * params.scale
    share = sum(
        params[f"institution.share_{size}"] * vocabulary_numbers("institution", f"weight_{size}")[:banks]
        for size in SIZES
    )
    return split(_cents(total * CENTS), np.broadcast_to(share, (len(total), banks))).T


def _own_net_assets(params):
    """(others, years) cents: net assets of 2021 grown by a steady rate, before fiscal capital."""
    base = calibration_numbers("institution_size", "net_assets") * params.scale * CENTS
    growth = 1 + calibration_numbers("institution_size", "growth") / 100
    return _cents(base[:, None] * np.cumprod(np.column_stack([np.ones(len(base)), *[growth] * 6]), axis=1))


def _products(group, number, draw):
    """(institutions, years) products, and those that are fully digital."""
    least, most = (_ratio(f"products_{end}").astype(np.int64)[group] for end in ("least", "most"))
    products = np.repeat(draw.between("products", number, least, most)[:, None], len(YEARS), axis=1)
    share = _path("digital", (2021, 2027))[group] / 100
    return products, np.floor(products * share + draw.uniform("digital", number)[:, None] * 0.999).astype(np.int64)


def _tolerance(group, params):
    """(institutions, years) tolerated claim rate and whether one is set: government guarantors, and commercial ones."""
    guarantor = group == calibration("institution_ratio", "group").index("guarantor")
    banks = len(group) - len(calibration("institution_size", "institution_id"))
    fed = np.concatenate([np.zeros(banks), calibration_numbers("institution_size", "support_weight")]) > 0
    raised = params["guarantor.claim_tolerance"], params["guarantor.claim_tolerance_before"]
    public = np.where(YEARS >= TOLERANCE_RAISED, *raised)
    rate = np.where(fed[:, None], public[None, :], params["guarantor.claim_tolerance_commercial"])
    return _cents(rate * 1e5), np.repeat(guarantor[:, None], len(YEARS), axis=1)
