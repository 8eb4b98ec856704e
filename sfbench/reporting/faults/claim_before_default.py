"""A claim filed before the loan turned bad."""

import numpy as np

from sfbench.reporting.kit import Draw, Fault, Planted, Rows, Wish, change, values

FAULT = Fault(
    zh="先索赔后违约",
    en="Claim before default",
    level="cross",
    visible=True,
    mechanisms=("the filing is dated too early", "the default is dated too late"),
    mechanisms_zh=("申请日期填得过早", "违约日期填得过晚"),
    columns=0,
    tables=("risk_claim",),
    defaults={"most": 60},  # days
)


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """One of the two days lies on the wrong side of the other."""
    days = draw.between("days", rows.identity, 1, int(wish.settings["most"]))
    bad, filed = values(rows.columns["substandard_on"]), values(rows.columns["filed_on"])
    name, wrong = ("filed_on", bad - days) if wish.mechanism == 1 else ("substandard_on", filed + days)
    at = rows.pick(draw)
    return change(rows, at, {name: wrong[at].astype(np.int32)})
