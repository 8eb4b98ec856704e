"""Who committed how much to a fund. The calls on a commitment stand in capital_call."""

import numpy as np

from sfbench.kit import (
    Column,
    Table,
    calibration,
    calibration_names,
    calibration_numbers,
    code_list,
    codes,
    nullable,
    split,
    vocabulary,
)

TABLE = Table(
    zh="基金认缴",
    en="Commitments to funds",
    key=("commitment_id",),
    needs=("fund_state", "fund"),
    grows="fund",
    per_firm=0.119,
    row_bytes=12.5,
    measures=(0, 3),
    event_on="committed_on",
    known_on="known_on",
    rows_by="2021-12-31",
    columns=(
        Column("commitment_id", "key", "认缴编号", "Commitment"),
        Column("fund_id", "key", "基金编号", "Fund", references="fund.fund_id"),
        Column("investor_kind", "code", "出资人类别", "Kind of investor", values=code_list("investor_kind")),
        Column(
            "investor_fund_id",
            "key",
            "出资基金编号",
            "The investor, if it is a public fund",
            nullable=True,
            references="fund.fund_id",
        ),
        Column(
            "institution_id",
            "key",
            "出资机构编号",
            "The investor, if it is an insurer, wealth manager or asset-investment company",
            nullable=True,
            references="institution.institution_id",
        ),
        Column("state_owned", "flag", "是否国有出资", "State-owned money"),
        Column(
            "currency",
            "code",
            "认缴币种",
            "Currency of the commitment",
            values=codes("CNY 人民币 Renminbi", "USD 美元 US dollar"),
        ),
        Column("committed_on", "date", "认缴日期", "Committed on", low_on="2015-01-01", high_on="2027-12-31"),
        Column("known_on", "date", "备案日期", "Filed on", low_on="2015-01-01", high_on="2027-12-31"),
        Column("amount", "money", "认缴金额", "Committed amount in yuan", unit="CNY", low=0, privacy="sensitive"),
    ),
)

INVESTORS = calibration("fund_investor", "investor")
PLANS = tuple(name for name in calibration_names("fund_investor") if name != "investor")
PUBLIC, FOREIGN, MANAGER = (INVESTORS.index(name) for name in ("public_fund", "foreign", "manager"))
STATE = tuple(INVESTORS.index(name) for name in ("city_finance", "public_fund", "district_guidance", "state_capital"))
BODIES = {"insurance": "insurer", "bank_wealth": "wealth_manager", "bank_aic": "aic"}
TEN_THOUSAND = 10**6  # cents: commitments are whole ten thousands of yuan, so that calls in permille are whole cents
SIXTEEN = 16  # commitment numbers of a fund
PRESENT = 0.7  # prior: chance that a kind of investor that a layer knows takes part in a fund


def rows(block, needs, params, draw):
    """One row an investor of a fund; they add up to the fund's size. Handed on: `_fund`, the fund's row."""
    state = needs["fund_state"]
    number = state["fund_id"]
    which = np.arange(len(INVESTORS))[None, :]
    weight = _weights()[state["plan"]] * (0.5 + draw.uniform("weight", number[:, None], which))
    # Where a layer has one kind of money only, it is there; the manager always is.
    present = draw.chance("present", number[:, None], PRESENT, which) | (weight == weight.max(axis=1)[:, None])
    weight[~present & (which != MANAGER)] = 0.0
    rest = (state["size"] - state["parent_amount"]) // TEN_THOUSAND
    amount = split(rest, weight) * TEN_THOUSAND
    amount[:, PUBLIC] = state["parent_amount"]
    fund, kind = np.nonzero(amount)
    body = _body(number[fund], kind, draw)
    return {
        "commitment_id": number[fund] * SIXTEEN + kind,
        "fund_id": number[fund],
        "investor_kind": kind,
        "investor_fund_id": nullable(np.where(kind == PUBLIC, state["parent"][fund], 0), kind == PUBLIC),
        "institution_id": nullable(body, body > 0),
        "state_owned": np.isin(kind, STATE),
        "currency": ((kind == FOREIGN) & (state["mode"][fund] > 0)).astype(np.int64),
        "committed_on": state["founded"][fund],
        "known_on": needs["fund"]["filed_on"][fund],
        "amount": amount[fund, kind],
        "_fund": fund,
    }


def _weights():
    return np.stack([calibration_numbers("fund_investor", name) for name in PLANS])


def _body(number, kind, draw):
    """institution_id of the investor where its kind is in the table of institutions, 0 where not."""
    kinds = vocabulary("institution", "kind")
    body = np.zeros(len(kind), np.int64)
    for name, institution in BODIES.items():
        mine = np.flatnonzero(kind == INVESTORS.index(name))
        first, count = kinds.index(institution) + 1, kinds.count(institution)
        body[mine] = first + draw.below(name, number[mine], count)
    return body
