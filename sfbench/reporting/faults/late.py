"""A fact reported long after it happened."""

import numpy as np

from sfbench.reporting.kit import Draw, Fault, Planted, Rows, Wish, change, filled, values

FAULT = Fault(
    zh="迟报",
    en="Late report",
    level="row",
    visible=True,
    mechanisms=("some months later", "with the batch of the year's end"),
    mechanisms_zh=("迟报数月", "随年末批次一并报送"),
    asks=("report_day",),
    columns=0,
    severity="warning",
    defaults={"least": 60, "most": 240},  # days
)

WINDOW_ENDS = 21183  # 2027-12-31: what is reported later is not in the data at all


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """A later day of the report, for tables that tell it from the day of the fact."""
    name = rows.table.known_on
    day = values(rows.columns[name]).astype(np.int64)
    delay = draw.between("delay", rows.identity, int(wish.settings["least"]), int(wish.settings["most"]))
    later = day + delay
    if wish.mechanism == 2:
        later = (day.astype("datetime64[D]").astype("datetime64[Y]") + 1).astype("datetime64[D]").astype(np.int64) - 1
    at = rows.pick(draw, filled(rows.columns[name]) & (later > day) & (later <= WINDOW_ENDS))
    return change(rows, at, {name: later[at].astype(np.int32)})
