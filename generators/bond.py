"""Tech-innovation bonds, asset-backed and IP-backed securities: terms, price, enhancement, use of the proceeds."""

from functools import cache

import numpy as np

from sfbench.kit import (
    ChoiceByRow,
    Column,
    Table,
    add_months,
    calibration,
    calibration_numbers,
    code_list,
    day_in_month,
    day_number,
    month_of,
    nullable,
    quantiles,
    round_significant,
    take,
    texts,
)

TABLE = Table(
    zh="科创债与资产支持证券",
    en="Tech-innovation bonds and asset-backed securities",
    key=("bond_id",),
    needs=("firm_state", "firm_month", "listing_path", "bond_programme", "curve"),
    grows="enterprise",
    per_firm=0.00078,
    row_bytes=1570,
    measures=(0, 5, 6),
    event_on="issued_on",
    known_on="issued_on",
    rows_by="2021-12-31",
    columns=(
        Column("bond_id", "key", "债券编号", "Bond"),
        Column("pipeline_id", "key", "项目编号", "Programme", references="bond_pipeline.pipeline_id"),
        Column("tranche", "count", "期次", "Number of the bond within its programme", low=1, high=3),
        Column("issuer_type", "code", "发行主体类别", "Kind of issuer", values=code_list("bond_issuer")),
        Column(
            "enterprise_id",
            "key",
            "发行企业",
            "Issuing tech enterprise",
            nullable=True,
            references="enterprise.enterprise_id",
        ),
        Column(
            "manager_id",
            "key",
            "发行创投机构",
            "Issuing fund manager",
            nullable=True,
            references="fund_manager.manager_id",
        ),
        Column(
            "institution_id",
            "key",
            "发行金融机构或原始权益人",
            "Issuing financial institution, or originator",
            nullable=True,
            references="institution.institution_id",
        ),
        Column("venue", "code", "市场", "Venue", values=code_list("bond_venue")),
        Column("instrument", "code", "品种", "Instrument", values=code_list("bond_instrument")),
        Column(
            "asset_kind",
            "code",
            "基础资产类别",
            "Kind of assets behind it",
            values=code_list("asset_kind"),
            nullable=True,
        ),
        Column(
            "scope_version",
            "code",
            "科创债口径",
            "Definition of tech-innovation bonds that it meets; empty for IP-backed securities",
            values=code_list("bond_scope"),
            nullable=True,
        ),
        Column("issued_on", "date", "发行日期", "Issued on", low_on="2019-01-01", high_on="2027-12-31"),
        Column("matures_on", "date", "到期日期", "Matures on", low_on="2019-06-01", high_on="2038-12-31"),
        Column("tenor_months", "count", "期限", "Tenor", unit="month", low=1, high=120),
        Column("structure", "text", "期限结构", "Years to each option and maturity; 270D: days"),
        Column(
            "first_leg_months", "count", "首个行权期", "Months to the first option or maturity", unit="month", low=1
        ),
        Column("amount", "money", "发行金额", "Amount issued", unit="CNY", low=0),
        Column("coupon", "rate", "票面利率", "Coupon", unit="%", low=0.3, high=8),
        Column(
            "benchmark_rate",
            "rate",
            "同期限国债收益率",
            "Government yield for the first leg at the month end before issue",
            unit="%",
            low=0,
            high=8,
        ),
        Column("bid_cover", "number", "认购倍数", "Bids over the amount", unit="times", low=1, high=15),
        Column("issuer_rating", "code", "主体评级", "Rating of the issuer", values=code_list("bond_rating")),
        Column("bond_rating", "code", "债项评级", "Rating of the bond", values=code_list("bond_rating")),
        Column(
            "proceeds_use", "code", "募集资金主要用途", "Main use of the proceeds", values=code_list("proceeds_use")
        ),
        Column(
            "fund_share",
            "rate",
            "基金出资占比",
            "Share of the proceeds for fund contributions",
            unit="%",
            nullable=True,
            low=0,
            high=100,
        ),
        Column(
            "guarantor_id",
            "key",
            "增信机构",
            "Guarantor of the whole bond",
            nullable=True,
            references="institution.institution_id",
        ),
        Column("guarantee_fee", "rate", "担保费率", "Guarantee fee a year", unit="%", nullable=True, low=0.05, high=3),
        Column("risk_sharing", "flag", "是否使用风险分担工具", "Central-bank risk-sharing tool used"),
        Column("underwriter_id", "key", "主承销商", "Lead underwriter", references="institution.institution_id"),
        Column("pool_firms", "count", "资产池企业数", "Firms behind the assets", nullable=True, low=1),
        Column("pool_amount", "money", "资产池金额", "Amount of the assets", unit="CNY", nullable=True, low=0),
        Column(
            "defaulted_on",
            "date",
            "违约日期",
            "In default since",
            nullable=True,
            known_on="defaulted_on",
            high_on="2027-12-31",
        ),
        Column(
            "redeemed_on",
            "date",
            "兑付日期",
            "Redeemed on",
            nullable=True,
            known_on="redeemed_on",
            high_on="2027-12-31",
        ),
    ),
)

NO_DAY = 1 << 30
DAY_END = day_number("2028-01-01")
TECH_BOARD = day_number("2025-05-07")
FIRST_CURVE_MONTH, LAST_CURVE = 2022 * 12, 71
TECH_FIRM, EQUITY_INVESTOR, FINANCIAL, MICRO_LENDER = range(4)
GROUPS = ("large_listed", "large", "medium", "equity_investor", "financial", "micro_lender")
AAA, AA_PLUS, AA = range(3)
BOND_INSURER, COMMERCIAL, STATE = (83,), (79, 80), (75, 76, 77, 78)  # guarantors of the institution vocabulary
BANKS, BROKERS = tuple(range(5, 25)), tuple(range(61, 67))
RESEARCH, REFINANCING, WORKING, FUNDS, LENDING, PURCHASE = range(6)
TRANCHES = 8  # numbers kept for the bonds of a programme


def rows(block, needs, params, draw):
    """One row a bond, by programme and tranche. Handed on: the row's day of redemption or of the horizon's end."""
    programme = needs["bond_programme"]
    of, tranche = np.nonzero(programme["day"] < DAY_END)
    one = {name: column[of] for name, column in programme.items() if column.ndim == 1}
    one |= {"id": one["pipeline_id"] * TRANCHES + tranche, "amount": programme["amount"][of, tranche]}
    one["issued_on"] = programme["day"][of, tranche]
    one |= {
        name: calibration_numbers("bond_term", name).astype(np.int64)[one["term"]] for name in ("tenor", "first_leg")
    }
    matures_on = add_months(one["issued_on"], one["tenor"]).astype(np.int64)
    one |= _rated(one, needs, params, draw)
    one["new"] = one["issued_on"] >= TECH_BOARD
    defaulted_on = _default(one, matures_on, needs, params, draw)
    paid = (matures_on < DAY_END) & (defaulted_on == NO_DAY)
    kind, issuer, asset = one["issuer_type"], one["issuer"], _positions("asset_kind")[one["term"]]
    backed = asset >= 0
    use, fund_share = _use(one, backed, params, draw)
    firms = np.where(
        asset == 0, draw.between("pool_firms", one["id"], 10, 20), draw.between("debtors", one["id"], 20, 90)
    )
    return {
        "bond_id": one["id"],
        "pipeline_id": one["pipeline_id"],
        "tranche": tranche + 1,
        "issuer_type": kind,
        "enterprise_id": nullable(issuer, kind == TECH_FIRM),
        "manager_id": nullable(issuer, kind == EQUITY_INVESTOR),
        "institution_id": nullable(issuer, kind > EQUITY_INVESTOR),
        "venue": one["venue"],
        "instrument": _positions("instrument")[one["term"]],
        "asset_kind": nullable(np.maximum(asset, 0), backed),
        "scope_version": nullable(one["new"].astype(np.int64), kind != MICRO_LENDER),
        "issued_on": one["issued_on"].astype(np.int32),
        "matures_on": matures_on.astype(np.int32),
        "tenor_months": one["tenor"],
        "structure": take(texts(calibration("bond_term", "structure")), one["term"]),
        "first_leg_months": one["first_leg"],
        "amount": one["amount"],
        **_price(one, backed, needs["curve"], params, draw),
        "issuer_rating": one["issuer_rating"],
        "bond_rating": np.where(one["guarantor_id"] > 0, AAA, one["issuer_rating"]),
        "proceeds_use": use,
        "fund_share": nullable(fund_share, kind == EQUITY_INVESTOR),
        "guarantor_id": nullable(one["guarantor_id"], one["guarantor_id"] > 0),
        "guarantee_fee": nullable(_fee(one, params, draw), one["guarantor_id"] > 0),
        "risk_sharing": (kind == EQUITY_INVESTOR)
        & (one["guarantor_id"] > 0)
        & one["new"]
        & draw.chance("risk_sharing", one["id"], params["bond.risk_sharing"]),
        "underwriter_id": _one_of(BANKS, BROKERS, one["venue"] == 1, "underwriter", one["id"], draw),
        "pool_firms": nullable(firms, backed),
        "pool_amount": nullable(_pool(one, draw), backed),
        "defaulted_on": nullable(
            np.where(defaulted_on < NO_DAY, defaulted_on, 0).astype(np.int32), defaulted_on < NO_DAY
        ),
        "redeemed_on": nullable(np.where(paid, matures_on, 0).astype(np.int32), paid),
        "_open_until": np.where(paid, matures_on, NO_DAY),
        "_guaranteed": one["guarantor_id"] > 0,
    }


@cache
def _positions(column):
    """Position in the list of codes of a column of the term table, -1 where it is empty."""
    known = [code.code for code in code_list({"instrument": "bond_instrument"}.get(column, column))]
    return np.array([known.index(text) if text else -1 for text in calibration("bond_term", column)])


def _one_of(first, second, takes_second, purpose, number, draw):
    """One of two lists of institutions."""
    u = draw.uniform(purpose, number)
    a, b = (np.array(numbers)[(u * len(numbers)).astype(np.int64)] for numbers in (first, second))
    return np.where(takes_second, b, a)


@cache
def _ratings():
    groups = calibration("bond_rating", "issuer")
    weight = np.stack([calibration_numbers("bond_rating", code.code) for code in code_list("bond_rating")], axis=1)
    return ChoiceByRow.of(weight[[groups.index(group) for group in GROUPS]])


def _rated(one, needs, params, draw):
    """Rating of the issuer (one for all its bonds), and the guarantor or 0."""
    kind, row = one["issuer_type"], np.maximum(one["row"], 0)
    large = needs["firm_state"]["size"][row] == 0
    listed = needs["listing_path"]["listed"][row] <= month_of(one["issued_on"])
    group = np.where(kind == TECH_FIRM, np.where(large, np.where(listed, 0, 1), 2), kind + 2)
    rating = _ratings().at(group, draw.uniform("rating", one["issuer"], kind))
    p = np.array([0.0, params["bond.guaranteed_aa_plus"], params["bond.guaranteed_aa"]])[rating]
    p = np.where(kind == EQUITY_INVESTOR, p + params["bond.guaranteed_equity"], np.where(kind == MICRO_LENDER, 1.0, p))
    guaranteed = draw.chance("guaranteed", one["id"], p)
    market = draw.uniform("guarantor_kind", one["id"])
    state = _one_of(STATE, STATE, False, "guarantor", one["id"], draw)
    other = _one_of(BOND_INSURER, COMMERCIAL, market > 0.7, "guarantor", one["id"], draw)
    guarantor = np.where((kind == MICRO_LENDER) | (market < 0.35), state, other)
    return {"issuer_rating": rating, "guarantor_id": np.where(guaranteed, guarantor, 0)}


def _price(one, backed, curve, params, draw):
    """Coupon off the curve of the rating, drawn to AAA by a guarantee; the government yield of the same leg; bids."""
    month = np.clip(month_of(one["issued_on"]) - 1 - FIRST_CURVE_MONTH, 0, LAST_CURVE)
    government, own, best = (
        _yield(curve, which, month, one["first_leg"]) for which in (np.zeros_like(month), one["issuer_rating"] + 1, 1)
    )
    closed = params.at("bond.guarantee_pricing", one["id"]) * (one["guarantor_id"] > 0)
    level = own + closed * (best - own)
    demand = draw.quantile("demand", one["id"], quantiles("normal"))
    spread = params["bond.spread"] + params["bond.spread_noise"] * demand + params["bond.spread_backed"] * backed
    spread = spread + params["bond.spread_old"] * ~one["new"]
    coupon = np.floor(np.maximum(level / 1e5 + spread, 0.5) * 100 + 0.5).astype(np.int64) * 1000
    cover = np.clip(3.0 - 0.9 * demand, 1.0, 9.0)  # keen bids go with a low spread
    return {
        "coupon": coupon,
        "benchmark_rate": np.floor(government + 0.5).astype(np.int64),
        "bid_cover": np.floor(cover * 100 + 0.5) / 100,
    }


def _yield(curve, which, month, tenor):
    """Yield in 1e-5 percent at a tenor, linear between the curve's points."""
    tenors, yields = curve["_tenors"], curve["_yields"]
    upper = np.clip(np.searchsorted(tenors, tenor), 1, len(tenors) - 1)
    low, high = yields[which, month, upper - 1], yields[which, month, upper]
    share = (tenor - tenors[upper - 1]) / (tenors[upper] - tenors[upper - 1])
    return low + (high - low) * np.clip(share, 0.0, 1.0)


def _use(one, backed, params, draw):
    """Main use of the proceeds, and the share for funds where the issuer is an equity-investment institution."""
    kind, u = one["issuer_type"], draw.uniform("use", one["id"])
    firm = np.where(u < 0.55, RESEARCH, np.where(u < 0.8, REFINANCING, WORKING))
    use = np.where(kind == EQUITY_INVESTOR, FUNDS, np.where(kind == FINANCIAL, LENDING, firm))
    least = params["bond.fund_share_min"]
    share = np.floor(least + (100 - least) * draw.uniform("fund_share", one["id"])).astype(np.int64) * 100_000
    return np.where(backed, PURCHASE, use), share


def _fee(one, params, draw):
    """Guarantee fee in 1e-5 percent a year, to whole basis points: falls over the years, lower for better issuers."""
    years = month_of(one["issued_on"]) / 12 - 2025
    level = params["bond.fee"] - params["bond.fee_fall"] * years + 0.12 * (one["issuer_rating"] - 1)
    fee = level * (0.75 + 0.5 * draw.uniform("fee", one["id"]))
    return np.floor(np.clip(fee, 0.1, 2.5) * 100 + 0.5).astype(np.int64) * 1000


def _pool(one, draw):
    """The assets exceed the securities by a few percent."""
    over = 1.0 + 0.08 * draw.uniform("over_collateral", one["id"])
    return np.maximum(round_significant((one["amount"] * over).astype(np.int64), 4, 0.5), one["amount"])


def _default(one, matures_on, needs, params, draw):
    """Day on which the bonds of a defaulting firm fall in default, NO_DAY else."""
    month = needs["firm_month"]["default_month"][np.maximum(one["row"], 0)]
    month = np.where(one["row"] >= 0, month, NO_DAY)
    hit = draw.chance("default", one["issuer"], params.at("bond.default_link", one["issuer"]))
    hit &= month <= month_of(DAY_END - 1)
    day = day_in_month(np.where(hit, month, FIRST_CURVE_MONTH), 0.67).astype(np.int64)
    return np.where(hit & (day > one["issued_on"]) & (day < matures_on), day, NO_DAY)
