"""Cross-border flows of cash pools by quarter, with what has passed since the pool began."""

import numpy as np

from sfbench.kit import Column, Table, dollar_parity, month_end, quantiles

TABLE = Table(
    zh="资金池收支",
    en="Flows of cash pools",
    key=("pool_id", "quarter"),
    needs=("firm_month", "cash_pool"),
    grows="cash_pool",
    per_firm=0.0022,
    row_bytes=124,
    measures=(10,),
    event_on="quarter",
    known_on="quarter",
    rows_by="2022-03-31",
    columns=(
        Column("pool_id", "key", "资金池编号", "Pool", references="cash_pool.pool_id"),
        Column("quarter", "date", "季末", "Quarter end", low_on="2022-03-31", high_on="2027-12-31"),
        Column("inflow_usd", "money", "跨境流入", "Received from abroad", unit="USD", low=0),
        Column("outflow_usd", "money", "跨境流出", "Paid abroad", unit="USD", low=0),
        Column("gross_to_date_usd", "money", "累计跨境收支", "Gross flow since the pool began", unit="USD", low=0),
    ),
)

FIRST_MONTH, MONTHS, FIRST_STATE_YEAR, QUARTERS = 2016 * 12, 144, 2015, 48
FIRST_QUARTER = (2022 - 2016) * 4


def rows(block, needs, params, draw):
    """One row a pool and quarter of the window from its registration on, while its leader lives."""
    pool, paths = needs["cash_pool"], needs["firm_month"]
    quarter = np.arange(QUARTERS)
    end = FIRST_MONTH + quarter * 3 + 2
    number, leader = pool["pool_id"][:, None], pool["_row"]
    year = end // 12 - FIRST_STATE_YEAR
    running = (end >= pool["_month"][:, None]) & (end < paths["exit_month"][leader][:, None])
    dollars = paths["revenue"][leader][:, year] / 4 / (dollar_parity(FIRST_MONTH, MONTHS)[end - FIRST_MONTH] / 1e4)
    level = draw.quantile("level", number, quantiles("lognormal_0.8"))
    factor = draw.quantile("quarter", number, quantiles("lognormal_0.5"), quarter)
    gross = np.floor(np.where(running, dollars * params["pool.turnover"] * level * factor, 0) * 100).astype(np.int64)
    inflow = np.floor(gross * (0.3 + 0.4 * draw.uniform("inflow", number, quarter))).astype(np.int64)
    to_date = np.cumsum(gross, axis=1)
    at, when = np.nonzero(running & (quarter >= FIRST_QUARTER))
    return {
        "pool_id": pool["pool_id"][at],
        "quarter": month_end(end[when]),
        "inflow_usd": inflow[at, when],
        "outflow_usd": gross[at, when] - inflow[at, when],
        "gross_to_date_usd": to_date[at, when],
    }
