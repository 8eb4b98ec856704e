"""Foreign money that QFLP managers brought in by quarter, against the quota: the calls on foreign commitments."""

import numpy as np

from sfbench.kit import Column, Table, code_list, day_number, dollar_parity, month_end, month_of

TABLE = Table(
    zh="QFLP资金流入",
    en="QFLP inflow",
    key=("manager_id", "quarter"),
    needs=("fund_state", "fund_commitment", "capital_call", "qflp"),
    grows="qflp",
    per_firm=0.0016,
    row_bytes=86,
    measures=(10,),
    event_on="quarter",
    known_on="quarter",
    rows_by="2024-03-31",
    columns=(
        Column("manager_id", "key", "管理人编号", "Manager", references="fund_manager.manager_id"),
        Column("quarter", "date", "季末", "Quarter end", low_on="2022-03-31", high_on="2027-12-31"),
        Column("funds", "count", "有外资出资的基金数", "Funds that have received foreign money", low=0),
        Column("inflow_usd", "money", "本季流入", "Received in the quarter", unit="USD", low=0),
        Column("inflow_to_date_usd", "money", "累计流入", "Received so far", unit="USD", low=0),
        Column("quota_usd", "money", "期末额度", "Quota in force at the quarter's end", unit="USD", low=0.01),
    ),
)

FIRST_MONTH, MONTHS = 2016 * 12, 144
QUARTERS, FIRST_QUARTER = 48, 24
RMB = 0
FOREIGN = [code.code for code in code_list("investor_kind")].index("foreign")
LAST_DAY = day_number("2027-12-31")


def rows(block, needs, params, draw):
    """One row a manager and quarter of the window with a quota in force."""
    quota = needs["qflp"]
    managers = np.unique(quota["manager_id"])
    ends = month_end(FIRST_MONTH + np.arange(QUARTERS) * 3 + 2).astype(np.int64)
    inflow, funds = _received(managers, needs)
    to_date = np.cumsum(inflow, axis=1)
    replaced = np.where(quota["replaced_on"].valid, quota["replaced_on"].values, LAST_DAY + 1)
    in_force = (quota["approved_on"][:, None] <= ends) & (replaced[:, None] > ends)
    held = np.zeros((len(managers), QUARTERS), np.int64)
    np.add.at(held, np.searchsorted(managers, quota["manager_id"]), in_force * quota["quota_usd"][:, None])
    at, when = np.nonzero((held > 0) & (np.arange(QUARTERS) >= FIRST_QUARTER))
    return {
        "manager_id": managers[at],
        "quarter": ends[when],
        "funds": funds[at, when],
        "inflow_usd": inflow[at, when],
        "inflow_to_date_usd": to_date[at, when],
        "quota_usd": held[at, when],
    }


def _received(managers, needs):
    """(managers, quarters) cents of dollars called from foreign investors, and funds that have had such a call."""
    state, promise, call = needs["fund_state"], needs["fund_commitment"], needs["capital_call"]
    inflow, begun = np.zeros((2, len(managers), QUARTERS), np.int64)
    order = np.argsort(promise["commitment_id"])
    at = order[np.searchsorted(promise["commitment_id"], call["commitment_id"], sorter=order)]
    foreign = (promise["investor_kind"] == FOREIGN) & (state["mode"][promise["_fund"]] != RMB)
    mine = np.flatnonzero(foreign[at])
    fund, month = promise["_fund"][at[mine]], month_of(call["paid_on"][mine]) - FIRST_MONTH
    dollars = call["amount"][mine] * 10_000 // dollar_parity(FIRST_MONTH, MONTHS)[month]
    row, quarter = np.searchsorted(managers, state["fund_manager"][fund]), month // 3
    np.add.at(inflow, (row, quarter), dollars)
    first = call["call_no"][mine] == 1
    np.add.at(begun, (row[first], quarter[first]), 1)
    return inflow, np.cumsum(begun, axis=1)
