"""What the register said of a firm and when: district, size class, ownership, name, status, by spans of validity.

All firms have a first version, from their founding; only those that change have more. The version without an end is
the one that `enterprise` shows. Size follows the figures of the year before, from each first of July; nothing before
2016 changes.
"""

import numpy as np

from sfbench.kit import (
    Column,
    Table,
    code_list,
    day_in_month,
    month_end,
    month_of,
    month_start,
    nullable,
    take,
    vocabulary,
)

TABLE = Table(
    zh="企业登记版本",
    en="Versions of enterprises",
    key=("enterprise_id", "version_no"),
    needs=("firm_state", "firm_month", "enterprise"),
    grows="enterprise",
    per_firm=1.7,
    row_bytes=8.2,
    measures=(2, 11, 17),
    event_on="valid_from",
    known_on="registered_on",
    rows_by="2021-12-31",
    columns=(
        Column("enterprise_id", "key", "企业编号", "Enterprise", references="enterprise.enterprise_id"),
        Column("version_no", "count", "版本序号", "Number of the version", low=1),
        Column("change", "code", "变化事项", "What changed", values=code_list("change_kind")),
        Column("valid_from", "date", "有效期起", "Valid from", low_on="1979-01-01", high_on="2027-12-31"),
        Column(
            "valid_to",
            "date",
            "有效期止",
            "Last day before the next version",
            nullable=True,
            known_on="superseded_on",
            high_on="2027-12-31",
        ),
        Column("registered_on", "date", "登记日期", "Registered on", low_on="1979-01-01", high_on="2027-12-31"),
        Column(
            "superseded_on",
            "date",
            "下一版本登记日期",
            "Next version registered on",
            nullable=True,
            known_on="superseded_on",
            high_on="2027-12-31",
        ),
        Column(
            "district_id",
            "key",
            "行政区编号",
            "District; empty outside the city",
            nullable=True,
            references="district.district_id",
            privacy="quasi",
        ),
        Column("size", "code", "企业规模", "Statistical size", standard="QYGM", values=code_list("size")),
        Column("ownership", "code", "经济成分", "Ownership", standard="KHJJCF", values=code_list("ownership")),
        Column("status", "code", "登记状态", "Status", values=code_list("firm_status")),
        Column(
            "former_name_zh",
            "text",
            "原名称",
            "Name that ended with this version's start; empty where the name stayed",
            nullable=True,
            privacy="identifier",
        ),
    ),
)

FIRST_PATH_YEAR, FIRST_CHANGE_YEAR, YEARS = 2015, 2017, 11
FIRST_MONTH, END = 2016 * 12, 2028 * 12
LAST_DAY = int(month_end(END - 1))
NO_DAY = 1 << 30
JULY = 6
FOUNDING, MOVE, SIZE, OWNERSHIP, DISSOLUTION, NAME = range(6)
DAY_BITS = 20


def rows(block, needs, params, draw):
    """One row a version, ordered by firm and start."""
    state, paths, firm = needs["firm_state"], needs["firm_month"], needs["enterprise"]
    number = state["firm"]
    founded = firm["founded_on"].astype(np.int64)
    gone = np.where(firm["dissolved_on"].valid, firm["dissolved_on"].values, NO_DAY).astype(np.int64)
    inside = firm["district_id"].valid
    moved = _once("moved", inside, params["version.moved"], state, gone, draw)
    sold = _once("sold", np.ones(block.count, bool), params["version.ownership"], state, gone, draw)
    renamed = _once("renamed", firm["_former"] > 0, 1.0, state, gone, draw)
    resized = _resized(paths["size"], state["founded_month"] // 12)
    events = (
        (FOUNDING, np.arange(block.count), founded),
        (DISSOLUTION, np.arange(block.count), gone),
        (MOVE, np.arange(block.count), moved),
        (OWNERSHIP, np.arange(block.count), sold),
        (SIZE, *resized),
        (NAME, np.arange(block.count), renamed),
    )
    change, row, day = (
        np.concatenate([np.broadcast_to(event[i], event[1].shape) for event in events]) for i in range(3)
    )
    keep = (
        (day <= LAST_DAY)
        & ((change == DISSOLUTION) | (day < gone[row]))
        & ((change == FOUNDING) | (day > founded[row]))
    )
    change, row, day = change[keep], row[keep], day[keep]
    # Two changes of one day are one version; the stable sort names it after the first in the list above.
    _, first = np.unique(row << DAY_BITS | day, return_index=True)
    change, row, day = change[first], row[first], day[first]
    begins = np.diff(row, prepend=-1) != 0
    last = np.diff(row, append=-1) != 0
    start = np.flatnonzero(begins)
    lag = np.where(change == FOUNDING, 0, draw.between("registered", number[row], 1, 20, day))
    registered = np.minimum(day + lag, LAST_DAY)
    following, registered_next = np.roll(day, -1), np.roll(registered, -1)
    districts = len(vocabulary("district", "district_id"))
    owners = len(code_list("ownership"))
    return {
        "enterprise_id": number[row],
        "version_no": np.arange(len(row)) - np.repeat(start, np.diff(start, append=len(row))) + 1,
        "change": change,
        "valid_from": day,
        "valid_to": nullable(following - 1, ~last),
        "registered_on": registered,
        "superseded_on": nullable(registered_next, ~last),
        "district_id": nullable(
            _before("district", firm["district_id"].values - 1, districts, moved, number, draw, row, day) + 1,
            inside[row],
        ),
        "size": _in_force(paths["size"], state["founded_month"] // 12, row, day),
        "ownership": _before("owner", firm["ownership"], owners, sold, number, draw, row, day),
        "status": (day >= gone[row]).astype(np.int64),
        "former_name_zh": nullable(take(firm["_former_name"], firm["_former"][row]), day == renamed[row]),
    }


def _once(purpose, who, share, state, gone, draw):
    """Day of a change that comes once at most, from the firm's second year to its end; NO_DAY if it does not."""
    number = state["firm"]
    first = np.maximum(state["founded_month"] + 12, FIRST_MONTH)
    until = np.minimum(month_of(np.minimum(gone, LAST_DAY)), END)
    has = who & (until > first) & draw.chance(purpose, number, share)
    month = first + draw.below(f"{purpose}_month", number, np.maximum(until - first, 1))
    return np.where(has, day_in_month(np.minimum(month, END), draw.uniform(f"{purpose}_day", number)), NO_DAY).astype(
        np.int64
    )


def _resized(size, founded):
    """(rows, days): first of July of each year in which the size of the year before differs from the one before it."""
    years = np.arange(FIRST_CHANGE_YEAR, FIRST_CHANGE_YEAR + YEARS)
    at = years - FIRST_PATH_YEAR
    other = (size[:, at - 1] != size[:, at - 2]) & (years - 2 >= founded[:, None])
    row, which = np.nonzero(other)
    return row, month_start(years[which] * 12 + JULY).astype(np.int64)


def _in_force(size, founded, row, day):
    """Size in force on a day: of the year before the last first of July, or of the founding year for a young firm."""
    month = month_of(day)
    year = np.maximum((month - JULY) // 12 - 1, np.maximum(founded[row], FIRST_PATH_YEAR))
    return size[row, year - FIRST_PATH_YEAR].astype(np.int64)


def _before(purpose, current, count, changed, number, draw, row, day):
    """The current value from the day of the change on, and before it another one."""
    step = 1 + draw.below(f"{purpose}_before", number, count - 1)
    return np.where(day < changed[row], (current + np.where(changed < NO_DAY, step, 0))[row] % count, current[row])
