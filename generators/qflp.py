"""Quotas of QFLP managers: one for a fund's foreign money, or a total that the manager may split over its funds."""

import numpy as np

from sfbench.kit import Column, Table, code_list, day_in_month, day_number, dollar_parity, nullable

TABLE = Table(
    zh="QFLP额度",
    en="QFLP quotas",
    key=("quota_id",),
    needs=("fund_state", "fund_commitment"),
    grows="fund_manager",
    per_firm=0.0001,
    row_bytes=1466,
    measures=(10,),
    event_on="approved_on",
    known_on="approved_on",
    rows_by="2024-03-31",
    columns=(
        Column("quota_id", "key", "额度编号", "Quota"),
        Column("manager_id", "key", "管理人编号", "Manager", references="fund_manager.manager_id"),
        Column("kind", "code", "额度类型", "Kind", values=code_list("qflp_quota_kind")),
        Column(
            "fund_id",
            "key",
            "基金编号",
            "Fund; empty for a total quota",
            nullable=True,
            references="fund.fund_id",
        ),
        Column("approved_on", "date", "批准日期", "Approved on", low_on="2015-01-01", high_on="2027-12-31"),
        Column(
            "replaced_on", "date", "并入总量日期", "Replaced by a total quota", nullable=True, known_on="replaced_on"
        ),
        Column("quota_usd", "money", "额度", "Quota", unit="USD", low=0.01),
    ),
)

FIRST_MONTH, MONTHS = 2016 * 12, 144
LAST_DAY = day_number("2027-12-31")
SINGLE, TOTAL = 0, 1
RMB = 0
FOREIGN = [code.code for code in code_list("investor_kind")].index("foreign")
STEP = 1_000_000  # quotas are of whole ten thousand dollars
FIRST_TOTALS = ("first", "second", "third")  # named managers 1 to 3 were the first with a total quota
OF_TOTAL = 1 << 20  # number of a manager's total quota


def rows(block, needs, params, draw):
    """One row a quota: of each fund with foreign money, then of the managers with a total quota."""
    state = needs["fund_state"]
    fund, manager, foreign = _foreign(state, needs["fund_commitment"])
    fund_id, founded = state["fund_id"][fund], state["founded"][fund]
    total_on = _total_day(manager, params, draw)
    # At the strongest yuan of the horizon, so that a quota holds whatever the parity of the day of a call is.
    dollars = foreign * 10_000 // int(dollar_parity(FIRST_MONTH, MONTHS).min())
    room = 1.0 + params["qflp.headroom"] * (0.5 + draw.uniform("room", fund_id))
    quota = -(-(dollars * room).astype(np.int64) // STEP) * STEP
    approved_on = founded - draw.between("approved", fund_id, 15, 90)
    single = np.flatnonzero(approved_on < total_on)
    merged = (total_on <= LAST_DAY)[single]
    totals = _totals(block, manager, quota, total_on, params, draw)
    count = len(totals["manager"])
    return {
        "quota_id": np.concatenate((fund_id[single], totals["manager"] + OF_TOTAL)),
        "manager_id": np.concatenate((manager[single], totals["manager"])),
        "kind": np.concatenate((np.full(len(single), SINGLE), np.full(count, TOTAL))),
        "fund_id": nullable(
            np.concatenate((fund_id[single], np.zeros(count, np.int64))), np.arange(len(single) + count) < len(single)
        ),
        "approved_on": np.concatenate((approved_on[single], totals["approved_on"])),
        "replaced_on": nullable(
            np.concatenate((np.where(merged, total_on[single], 0), np.zeros(count, np.int64))),
            np.concatenate((merged, np.zeros(count, bool))),
        ),
        "quota_usd": np.concatenate((quota[single], totals["quota"])),
    }


def _foreign(state, promise):
    """(fund's position, its manager, its foreign commitments in cents of yuan) of the funds that take foreign money."""
    some = np.flatnonzero((promise["investor_kind"] == FOREIGN) & (state["mode"][promise["_fund"]] != RMB))
    fund = promise["_fund"][some]
    return fund, state["fund_manager"][fund], promise["amount"][some]


def _total_day(manager, params, draw):
    """By fund: the day on which its manager gets a total quota, LAST_DAY + 1 if it never does."""
    first = int(params["qflp.total_from"])
    month = first + 3 + draw.below("total_month", manager, FIRST_MONTH + MONTHS - first - 3)
    day = day_in_month(month, draw.uniform("total_day", manager)).astype(np.int64)
    gets = draw.chance("total", manager, params["qflp.total_share"])
    named = manager <= len(FIRST_TOTALS)
    return np.where(named, _first_day(params), np.where(gets, day, LAST_DAY + 1))


def _first_day(params):
    return int(day_in_month(int(params["qflp.total_from"]), 0.1))


def _totals(block, manager, quota, total_on, params, draw):
    """Total quotas: of the first three managers, and of others for what their funds have and more."""
    others, at = np.unique(manager[total_on <= LAST_DAY], return_inverse=True)
    need = np.zeros(len(others), np.int64)
    np.add.at(need, at, quota[total_on <= LAST_DAY])
    day = np.full(len(others), LAST_DAY)
    day[at] = total_on[total_on <= LAST_DAY]
    more = np.array([1, 2, 5])[draw.below("more", others, 3)] * 10_000_000_000
    market = others > len(FIRST_TOTALS)
    given = np.maximum(need, more)
    named = np.arange(1, len(FIRST_TOTALS) + 1) if block.index == 0 else np.empty(0, np.int64)
    size = [int(params[f"qflp.quota_{name}"] * params.scale * 100) for name in FIRST_TOTALS][: len(named)]
    own = np.zeros(len(named), np.int64)
    own[others[~market] - 1] = need[~market]
    return {
        "manager": np.concatenate((named, others[market])),
        "approved_on": np.concatenate((np.full(len(named), _first_day(params)), day[market])),
        "quota": np.concatenate((np.maximum(np.array(size, np.int64), own), given[market])),
    }
