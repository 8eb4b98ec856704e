"""Releases of banks' tech loans by quarter: the first at the quarter's end, a revision two quarters later. Unpublished.

A release is final, or it is revised: the first one is off by up to a share, either way, and nobody knows until then.
"""

import numpy as np

from sfbench.kit import Column, Table, month_end, vocabulary

TABLE = Table(
    zh="银行季报发布版本",
    en="Releases of banks' quarterly figures",
    published=False,
    stage="settle",
    key=("period_end", "institution_id", "vintage"),
    needs=("note", "loan_balance"),
    grows="bank x quarters",
    event_on="period_end",
    known_on="reported_on",
    columns=(
        Column("period_end", "date", "季末", "End of the quarter"),
        Column("institution_id", "key", "机构编号", "Bank", references="institution.institution_id"),
        Column("vintage", "count", "版本", "1 the first release, 2 its revision", low=1, high=2),
        Column("reported_on", "date", "发布日期", "Released on"),
        Column("tech_loans", "money", "科技贷款", "Tech loans with loan notes", unit="CNY", low=0),
    ),
)

WINDOW, QUARTERS = 2022 * 12, 24
LAG = 6  # months from the quarter's end to a revision


def partial(block, needs, params, draw):
    """Sums of the block's tech notes in cents by quarter and bank, exact: blocks add up in any order."""
    note, rows = needs["note"], needs["loan_balance"]
    index, month = rows["_note"], rows["_month"]
    tech = rows["tech_enterprise"] | note["tech_use"].take(index)
    at = np.flatnonzero(tech & (month % 3 == 2))
    cell = month[at] // 3 * _banks() + note["bank"].take(index[at])
    balance = rows["balance_rmb"][at].astype(np.float64)  # cents below 2**53: exact in float64, also summed
    return {"sums": np.bincount(cell, balance, QUARTERS * _banks()).astype(np.int64)}


def merge(a, b):
    """Two partial states as one."""
    return {"sums": a["sums"] + b["sums"]}


def finish(state, needs, params, draw):
    """One row a quarter, bank and release, in order of the key."""
    final = state["sums"]
    quarter, bank = np.divmod(np.arange(len(final)), _banks())
    revised = draw.chance("revised", bank, params["revision.share"], quarter)
    off = params["revision.size"] * (2 * draw.uniform("off", bank, quarter) - 1)
    first = np.where(revised, np.floor(final * (1 + off)).astype(np.int64), final)
    row = np.concatenate([np.arange(len(final)), np.flatnonzero(revised)])
    vintage = np.repeat([1, 2], [len(final), revised.sum()])
    order = np.lexsort((vintage, row))
    row, vintage = row[order], vintage[order]
    month = WINDOW + 3 * quarter[row] + 2
    return {
        "period_end": month_end(month),
        "institution_id": bank[row] + 1,
        "vintage": vintage,
        "reported_on": month_end(month + LAG * (vintage - 1)),
        "tech_loans": np.where(vintage == 1, first[row], final[row]),
    }


def _banks():
    return vocabulary("institution", "kind").count("bank")
