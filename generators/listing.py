"""Steps of firms towards, on and off the boards: a view of listing_path with dates and the money raised."""

import numpy as np

from sfbench.kit import (
    Column,
    Table,
    calibration_numbers,
    code_list,
    codes,
    day_in_month,
    day_number,
    next_weekday,
    nullable,
    quantiles,
    round_significant,
)

TABLE = Table(
    zh="上市步骤",
    en="Steps of listings",
    key=("enterprise_id", "step_no"),
    needs=("firm_state", "firm_month", "listing_path"),
    grows="enterprise",
    per_firm=0.0102,
    row_bytes=57,
    measures=(4, 6),
    event_on="step_on",
    known_on="published_on",
    rows_by="2027-12-31",
    columns=(
        Column("enterprise_id", "key", "企业编号", "Enterprise", references="enterprise.enterprise_id"),
        Column("step_no", "count", "步骤序号", "Number of the step of the firm, in order of dates", low=1),
        Column("step", "code", "步骤", "Step", values=code_list("listing_step")),
        Column("market", "code", "市场类别", "Kind of market", values=code_list("market_kind")),
        Column(
            "board",
            "code",
            "板块",
            "Board; empty for NEEQ and the equity exchange",
            values=code_list("board"),
            nullable=True,
        ),
        Column("step_on", "date", "步骤日期", "Day of the step", low_on="1991-01-01", high_on="2027-12-31"),
        Column("published_on", "date", "公告日期", "Published on", low_on="1991-01-01", high_on="2028-01-31"),
        Column(
            "instrument",
            "code",
            "融资工具",
            "How equity was raised",
            values=code_list("equity_instrument"),
            nullable=True,
        ),
        Column("proceeds", "money", "募集资金", "Money raised", unit="CNY", nullable=True, low=0),
        Column(
            "moved_from",
            "code",
            "原市场",
            "Where a firm that moves up was before",
            values=codes(
                "specialised 专精特新专板 Specialised board",
                "neeq_base 新三板基础层 NEEQ base layer",
                "neeq_upper 新三板创新层 NEEQ upper layer",
            ),
            nullable=True,
        ),
    ),
)

NEVER = 1 << 40
END = 2028 * 12
FIRST_YEAR, YEARS = 2016, 12
STEPS = [code.code for code in code_list("listing_step")]
MAINLAND, OVERSEAS, NEEQ, EXCHANGE = range(4)
IPO, PLACEMENT, CONVERTIBLE, PRIVATE = range(4)
ABROAD = tuple(i for i, code in enumerate(code_list("board")) if code.code in ("HKEX", "US", "OTHER"))


def rows(block, needs, params, draw):
    """One row a step, ordered by firm and day."""
    state, path = needs["firm_state"], needs["listing_path"]
    parts = [_of_pipeline(name, path) for name in ("coached", "filed", "accepted", "withdrawn", "delisted")]
    parts += [_elsewhere(name, column, path) for name, column in OTHER_MARKETS]
    parts += [
        _raised(state, path, params, draw),
        _financed(state, path, needs["firm_month"]["exit_month"], params, draw),
        _moved_up(path),
    ]
    step = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort((step["step"], step["month"], step["row"]))
    step = {name: column[order] for name, column in step.items()}
    row = step["row"]
    firm = state["firm"][row]
    begin = np.flatnonzero(np.diff(row, prepend=-1))
    number = np.arange(len(row)) - np.repeat(begin, np.diff(begin, append=len(row))) + 1
    # Steps of one month fall on one day before its last week-end, so a firm's steps stay in order.
    day = np.minimum(
        next_weekday(day_in_month(step["month"], 0.85 * draw.uniform("day", firm, step["month"]))), LAST_DAY
    )
    return {
        "enterprise_id": firm,
        "step_no": number,
        "step": step["step"],
        "market": step["market"],
        "board": nullable(np.maximum(step["board"], 0), step["board"] >= 0),
        "step_on": day,
        "published_on": day + draw.between("published", firm, 0, 5, step["month"]).astype(np.int32),
        "instrument": nullable(np.maximum(step["instrument"], 0), step["instrument"] >= 0),
        "proceeds": nullable(np.maximum(step["proceeds"], 0), step["instrument"] >= 0),
        "moved_from": nullable(np.maximum(step["moved_from"], 0), step["moved_from"] >= 0),
    }


LAST_DAY = np.int32(day_number("2027-12-31"))
OTHER_MARKETS = (("neeq", "neeq"), ("neeq_upper", "neeq_upper"), ("neeq_left", "neeq_left"), ("specialised", "srb"))


def _steps(name, row, month, market, board, **more):
    """Rows of one step; what is not given is none (-1)."""
    blank = np.full(len(row), -1)
    base = {"row": row, "month": month, "step": np.full(len(row), STEPS.index(name)), "market": market, "board": board}
    return base | {"instrument": blank, "proceeds": blank, "moved_from": blank} | more


def _market(board):
    return np.where(np.isin(board, ABROAD), OVERSEAS, MAINLAND)


def _of_pipeline(name, path):
    """A step of the way to a mainland or overseas board; the listing itself comes with its money from `_raised`."""
    row = np.flatnonzero(path[name] < END)
    board = path["board"][row]
    return _steps(name, row, path[name][row], _market(board), board)


def _elsewhere(name, column, path):
    """A step on NEEQ or on the specialised board of the equity exchange."""
    row = np.flatnonzero(path[column] < END)
    kind = np.full(len(row), EXCHANGE if column == "srb" else NEEQ)
    return _steps(name, row, path[column][row], kind, np.full(len(row), -1))


def _raised(state, path, params, draw):
    """The listing with its offering, and later issues of equity on the board."""
    row = np.flatnonzero(path["listed"] < END)
    firm, board, listed = state["firm"][row], path["board"][row], path["listed"][row]
    mean = calibration_numbers("listing_proceeds", "ipo")[board] * (0.5 + state["position"][row]) * 1e8
    offering = _steps(
        "listed",
        row,
        listed,
        _market(board),
        board,
        instrument=np.full(len(row), IPO),
        proceeds=_amount("offering", mean, firm, 0, draw),
    )
    at, year = np.nonzero(
        draw.chance("refinance", firm[:, None], params["listing.refinance"], np.arange(YEARS)[None, :])
    )
    month = (FIRST_YEAR + year) * 12 + draw.below("refinance.month", firm[at], 12, year)
    fits = (month >= listed[at] + 18) & (month < path["delisted"][row[at]] - 12)
    at, year, month = at[fits], year[fits], month[fits]
    convertible = draw.chance("convertible", firm[at], params["listing.convertible_share"], year)
    convertible &= ~np.isin(board[at], ABROAD)
    later = _steps(
        "refinanced",
        row[at],
        month,
        _market(board[at]),
        board[at],
        instrument=np.where(convertible, CONVERTIBLE, PLACEMENT),
        proceeds=_amount("refinance.amount", mean[at] * params["listing.refinance_size"], firm[at], year, draw),
    )
    return {name: np.concatenate((offering[name], later[name])) for name in offering}


def _amount(purpose, mean, firm, ordinal, draw):
    """Cents around a mean, to three significant digits."""
    cents = np.maximum(mean * draw.quantile(purpose, firm, quantiles("lognormal_0.8"), ordinal), 1e8).astype(np.int64)
    return round_significant(cents, 3, draw.uniform(f"{purpose}.round", firm, ordinal))


def _financed(state, path, exit_month, params, draw):
    """Some firms of the specialised board are financed through it within two years, while they are there."""
    row = np.flatnonzero(path["srb"] < END)
    firm = state["firm"][row]
    month = path["srb"][row] + draw.between("financed.month", firm, 1, 24)
    leaves = [path[name][row] for name in ("neeq", "filed", "listed")] + [exit_month[row], np.full(len(row), END)]
    until = np.minimum.reduce(leaves)
    fits = draw.chance("financed", firm, params["listing.specialised_financed"]) & (month < until)
    row, firm, month = row[fits], firm[fits], month[fits]
    mean = np.full(len(row), params["listing.specialised_amount"] * 1e8)
    amount = _amount("financed.amount", mean, firm, 0, draw)
    private = np.full(len(row), PRIVATE)
    where = np.full(len(row), EXCHANGE)
    return _steps("financed", row, month, where, np.full(len(row), -1), instrument=private, proceeds=amount)


def _moved_up(path):
    """A firm of the specialised board comes to NEEQ or a board, or one of NEEQ to a board."""
    listed = np.flatnonzero((path["listed"] < END) & (path["neeq"] < END))
    upper = path["neeq_upper"][listed] < path["listed"][listed]
    from_neeq = _steps(
        "moved_up",
        listed,
        path["listed"][listed],
        _market(path["board"][listed]),
        path["board"][listed],
        moved_from=np.where(upper, 2, 1),
    )
    up = np.minimum(path["neeq"], path["listed"])
    rises = np.flatnonzero((path["srb"] < up) & (up < END))
    to_board = path["listed"][rises] <= path["neeq"][rises]
    board = np.where(to_board, path["board"][rises], -1)
    market = np.where(to_board, _market(board), NEEQ)
    from_exchange = _steps("moved_up", rises, up[rises], market, board, moved_from=np.zeros(len(rises), np.int64))
    return {name: np.concatenate((from_neeq[name], from_exchange[name])) for name in from_neeq}
