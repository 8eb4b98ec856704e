"""Cash pools of multinational groups: the leading firm, its bank, the pooled quotas."""

from functools import cache

import numpy as np

from sfbench.kit import (
    Column,
    Table,
    calibration_numbers,
    code_list,
    day_in_month,
    dollar_parity,
    hosted,
    kronecker,
    vocabulary,
)

TABLE = Table(
    zh="跨国公司资金池",
    en="Cash pools",
    key=("pool_id",),
    needs=("firm_state", "firm_month", "enterprise_year"),
    grows="scale",
    per_firm=0.00011,
    row_bytes=2899,
    measures=(10,),
    event_on="registered_on",
    known_on="registered_on",
    rows_by="2021-12-31",
    columns=(
        Column("pool_id", "key", "资金池编号", "Pool"),
        Column("enterprise_id", "key", "主办企业编号", "Leading firm", references="enterprise.enterprise_id"),
        Column("institution_id", "key", "机构编号", "Bank", references="institution.institution_id"),
        Column("version", "code", "版本", "Version", values=code_list("pool_version")),
        Column("registered_on", "date", "备案日期", "Registered on", low_on="2016-01-01", high_on="2027-12-31"),
        Column("debt_quota_usd", "money", "外债集中额度", "Pooled external-debt quota", unit="USD", low=0.01),
        Column("lending_quota_usd", "money", "境外放款集中额度", "Pooled overseas-lending quota", unit="USD", low=0.01),
    ),
)

FIRST_MONTH, MONTHS, FIRST_ACCOUNTS = 2016 * 12, 144, 2021
LAST = FIRST_MONTH + MONTHS - 1
OUT = 1
LOW, HIGH = 0, 1
HIGH_FROM = 2021 * 12 + 2  # the integrated pool pilot
LEAST = 100_000_000  # cents: a group's equity is at least a million dollars


def rows(block, needs, params, draw):
    """One row a pool, in the order of the leaders' numbers."""
    state = needs["firm_state"]
    row, month = _leaders(block, state, needs["firm_month"]["exit_month"], params, draw)
    firm = state["firm"][row]
    year = np.maximum(month // 12 - FIRST_ACCOUNTS, 0)
    dollars = (
        needs["enterprise_year"]["_net_assets"][row, year]
        * 10_000
        // dollar_parity(FIRST_MONTH, MONTHS)[month - FIRST_MONTH]
    )
    equity = np.maximum(dollars, LEAST)
    high = (month >= HIGH_FROM) & draw.chance("version", firm, params["pool.high_version"])
    return {
        "pool_id": firm,
        "enterprise_id": firm,
        "institution_id": 1 + draw.below("bank", firm, _banks()),
        "version": np.where(high, HIGH, LOW),
        "registered_on": day_in_month(month, draw.uniform("day", firm)),
        "debt_quota_usd": equity * round(params["pool.debt_quota"]) // 100,
        "lending_quota_usd": equity * round(params["pool.lending_quota"]) // 100,
        "_row": row,
        "_month": month,
    }


def _leaders(block, state, gone, params, draw):
    """(rows, month of registration): evenly spread, the first head of a group in the city from each place on.

    Pools become more by the path of the years; the first one is there from the start, so that no scale is without one.
    """
    number, host = hosted(block, params["pool.number"] / params["population.firms"])
    large = np.flatnonzero((state["parent"] == state["firm"]) & (state["kind"] != OUT))  # heads of groups
    old = (state["founded_month"] < FIRST_MONTH) & (gone > LAST)
    large = large[old[large]]
    if not large.size and (number == 1).any():  # a city of few firms has no such group: its largest old firm leads
        firms = np.flatnonzero(old & (state["kind"] != OUT))
        large = firms[np.argsort(state["size"][firms], kind="stable")[:1]]
    if not large.size:
        return large, large
    # A firm leads one pool.
    row, first = np.unique(large[np.minimum(np.searchsorted(large, host), large.size - 1)], return_index=True)
    number = number[first]
    pools = calibration_numbers("cash_pool_path", "pools")
    place = np.where(number == 1, 0.0, kronecker(draw.seed, "pool.year", number))
    year = np.searchsorted(pools / pools[-1], place, side="right")
    return row, FIRST_MONTH + year * 12 + draw.below("month", number, 12)


@cache
def _banks():
    return vocabulary("institution", "kind").count("bank")
