"""Transfers of fund shares: part of a commitment changes hands, at a venue, against the last net asset value.

The equity exchange's rules for fund shares are in force from 2025-10-24: before, shares change hands by agreement, and
few do. A commitment is sold once at most, so no more is sold than is held.
"""

from functools import cache

import numpy as np

from sfbench.kit import (
    Choice,
    Column,
    Table,
    calibration,
    calibration_numbers,
    code_list,
    day_number,
    next_weekday,
    nullable,
    vocabulary,
)

TABLE = Table(
    zh="基金份额转让",
    en="Transfers of fund shares",
    key=("transfer_id",),
    needs=("fund_state", "fund_commitment", "fund_cash_flow"),
    grows="fund_commitment",
    per_firm=0.0027,
    row_bytes=300,
    measures=(3,),
    event_on="transferred_on",
    known_on="known_on",
    rows_by="2021-12-31",
    columns=(
        Column("transfer_id", "key", "转让编号", "Transfer"),
        Column("fund_id", "key", "基金编号", "Fund", references="fund.fund_id"),
        Column(
            "commitment_id", "key", "认缴编号", "Commitment of the seller", references="fund_commitment.commitment_id"
        ),
        Column("venue", "code", "转让场所", "Venue", values=code_list("transfer_venue")),
        Column(
            "institution_id",
            "key",
            "场所机构编号",
            "The exchange; empty for a transfer by agreement",
            nullable=True,
            references="institution.institution_id",
        ),
        Column("transferred_on", "date", "转让日期", "Transferred on", low_on="2016-01-01", high_on="2027-12-31"),
        Column("known_on", "date", "报送日期", "Reported on", low_on="2016-01-01", high_on="2027-12-31"),
        Column("seller_kind", "code", "转让方类别", "Seller", values=code_list("investor_kind")),
        Column("state_seller", "flag", "转让方是否国有", "State-owned seller"),
        Column("buyer_kind", "code", "受让方类别", "Buyer", values=code_list("investor_kind")),
        Column(
            "buyer_fund_id",
            "key",
            "受让基金编号",
            "The buyer, if it is a named S fund",
            nullable=True,
            references="fund.fund_id",
        ),
        Column(
            "commitment_share",
            "rate",
            "转让份额占认缴比例",
            "Share of the commitment that is sold",
            unit="%",
            low=0,
            high=100,
        ),
        Column(
            "committed", "money", "转让对应认缴金额", "Committed amount sold", unit="CNY", low=0, privacy="sensitive"
        ),
        Column("paid_in", "money", "转让对应实缴金额", "Paid-in amount sold", unit="CNY", low=0, privacy="sensitive"),
        Column(
            "net_asset_value",
            "money",
            "转让对应净值",
            "Its net asset value at the last quarter end",
            unit="CNY",
            low=0,
            privacy="sensitive",
        ),
        Column("price", "money", "转让价款", "Price", unit="CNY", low=0, privacy="sensitive"),
    ),
)

LAST_DAY = day_number("2027-12-31")
OPENED = day_number("2025-10-24")
INVESTORS = tuple(code.code for code in code_list("investor_kind"))
S_FUND, MANAGER = (INVESTORS.index(name) for name in ("s_fund", "manager"))
EXCHANGE, AGREEMENT = 0, 1
NAMED = 1000
SPREAD = 0.24  # prior: width of prices around the mean discount
NAMED_S_FUNDS = 0.6  # prior: purchases of S funds that are made by the named ones
SALE_FROM = 24  # months after founding before a share is sold
QUARTERS = 48


def rows(block, needs, params, draw):
    """One row a transfer; the year of each is drawn by the market's path, its share and price by the commitment."""
    state, promise, flows = needs["fund_state"], needs["fund_commitment"], needs["fund_cash_flow"]
    fund, kind, key = promise["_fund"], promise["investor_kind"], promise["commitment_id"]
    ours = (state["fund_id"][fund] >= NAMED) & (kind != MANAGER)
    day = _days(state["founded"][fund], state["end"][fund], key, draw)
    first = np.zeros(len(key), bool)
    if block.index == 0:  # no city is without a transfer: a share of its oldest market fund is sold at once
        first[np.argmin(np.where(ours, state["founded"][fund], LAST_DAY))] = True
        day[first] = next_weekday(state["founded"][fund][first] + SALE_FROM * 30)
    on_offer = ours & (day < state["end"][fund] - 90) & (day <= LAST_DAY)
    chance = _hazard(day) * params.at("equity.transfers", key, day)
    sold = np.flatnonzero(on_offer & (first | draw.chance("sells", key, chance)))
    number, owner, on = key[sold], fund[sold], day[sold]
    quarter = np.clip(np.searchsorted(flows["_ends"], on, side="right") - 1, 0, QUARTERS - 1)
    parts = 200 + 100 * draw.below("part", number, 9)  # permille of the commitment
    amount, size = promise["amount"][sold], state["size"][owner]
    committed = amount // 1000 * parts
    share = committed / size
    paid = np.floor(flows["_called"][owner, quarter] * share + 0.5).astype(np.int64)
    worth = np.floor(flows["_nav"][owner, quarter] * share).astype(np.int64)
    exchange = (on >= OPENED) & draw.chance("exchange", number, params["equity.on_exchange"])
    price = np.floor(worth * _price(number, exchange, params, draw)).astype(np.int64)
    buyer = draw.choice("buyer", number, _buyers())
    named, s_fund = _s_funds(on, number, draw)
    return {
        "transfer_id": number,
        "fund_id": state["fund_id"][owner],
        "commitment_id": number,
        "venue": np.where(exchange, EXCHANGE, AGREEMENT),
        "institution_id": nullable(
            np.full(len(sold), vocabulary("institution", "kind").index("equity_exchange") + 1), exchange
        ),
        "transferred_on": on,
        "known_on": np.minimum(on + draw.between("report", number, 61, 90), LAST_DAY),
        "seller_kind": kind[sold],
        "state_seller": promise["state_owned"][sold],
        "buyer_kind": buyer,
        "buyer_fund_id": nullable(s_fund, named & (buyer == S_FUND)),
        "commitment_share": parts * 10_000,
        "committed": committed,
        "paid_in": paid,
        "net_asset_value": worth,
        "price": price,
    }


def _days(founded, end, key, draw):
    """A day in the fund's life from its third year on."""
    start = founded + SALE_FROM * 30
    stop = np.maximum(np.minimum(end - 90, LAST_DAY - 3), start + 1)
    day = start + ((stop - start) * draw.uniform("day", key)).astype(np.int64)
    return next_weekday(day).astype(np.int64)


def _hazard(day):
    """Chance that a commitment whose day falls in the year is sold."""
    years = calibration_numbers("transfer_year", "year").astype(np.int64)
    year = 1970 + (day - 1) * 100 // 36525
    return calibration_numbers("transfer_year", "chance")[np.clip(year - years[0], 0, len(years) - 1)]


def _price(number, exchange, params, draw):
    """Price over net asset value; a listed offer finds a better price."""
    discount = params["equity.transfer_discount"] - params["equity.exchange_premium"] * exchange
    return np.clip(1.0 - discount + SPREAD * (draw.uniform("price", number) - 0.5), 0.2, 1.2)


@cache
def _buyers():
    weight = dict(
        zip(calibration("transfer_buyer", "buyer"), calibration_numbers("transfer_buyer", "weight"), strict=True)
    )
    return Choice.of([weight.get(name, 0.0) for name in INVESTORS])


def _s_funds(day, number, draw):
    """(is there one, fund_id) of the named S funds founded at least a year before."""
    layers = calibration("fund_public", "layer")
    place = [at for at, layer in enumerate(layers) if layer == "s_mother"]
    ids = calibration_numbers("fund_public", "fund_id")[place].astype(np.int64)
    founded = np.array(calibration("fund_public", "established_on"), "datetime64[D]").astype(np.int64)[place]
    old = (day[:, None] >= founded[None, :] + 365).sum(axis=1)  # named S funds are in order of their founding
    chosen = (draw.uniform("s_fund", number) * np.maximum(old, 1)).astype(np.int64)
    return (old > 0) & draw.chance("named", number, NAMED_S_FUNDS), ids[chosen]
