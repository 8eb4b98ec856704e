"""Mergers and acquisitions and what paid for them: own funds, a merger loan, fund money."""

import numpy as np

from sfbench.kit import (
    Column,
    Table,
    codes,
    day_in_month,
    day_number,
    dollar_parity,
    month_of,
    next_weekday,
    nullable,
    quantiles,
    round_significant,
    vocabulary,
)

TABLE = Table(
    zh="并购",
    en="Mergers and acquisitions",
    key=("merger_id",),
    needs=("firm_state", "firm_month", "tag_month", "listing_path", "note"),
    grows="enterprise",
    per_firm=0.0054,
    row_bytes=520,
    measures=(4, 6),
    event_on="agreed_on",
    known_on="agreed_on",
    rows_by="2027-12-31",
    columns=(
        Column("merger_id", "key", "并购编号", "Merger"),
        Column(
            "kind",
            "code",
            "并购类别",
            "Kind",
            values=codes(
                "control 取得控制权 Control acquired", "minority 参股 Minority stake", "absorption 吸收合并 Absorption"
            ),
        ),
        Column("acquirer_id", "key", "并购方", "Acquirer", references="enterprise.enterprise_id"),
        Column("target_id", "key", "标的企业", "Target", references="enterprise.enterprise_id"),
        Column("acquirer_tech", "flag", "并购方是否科技型企业", "Acquirer was a tech enterprise at the agreement"),
        Column("acquirer_listed", "flag", "并购方是否上市公司", "Acquirer was listed at the agreement"),
        Column("agreed_on", "date", "协议日期", "Agreed on", low_on="2010-01-01", high_on="2027-12-31"),
        Column("closed_on", "date", "交割日期", "Closed on", nullable=True, known_on="closed_on", high_on="2027-12-31"),
        Column(
            "terminated_on",
            "date",
            "终止日期",
            "Given up on",
            nullable=True,
            known_on="terminated_on",
            high_on="2027-12-31",
        ),
        Column("stake", "rate", "收购股权比例", "Stake bought", unit="%", low=1, high=100),
        Column("price", "money", "交易价款", "Price", unit="CNY", low=0),
        Column("own_funds", "money", "自有资金及股份支付", "Own money and shares", unit="CNY", low=0),
        Column("loan_amount", "money", "并购贷款", "Merger loan", unit="CNY", low=0),
        Column("fund_amount", "money", "基金出资", "Fund money", unit="CNY", low=0),
        Column(
            "loan_share", "rate", "并购贷款占比", "Share of the price that the loan pays", unit="%", low=0, high=100
        ),
        Column(
            "loan_id",
            "key",
            "并购贷款借据",
            "Note of the merger loan",
            nullable=True,
            references="loan.loan_id",
            known_on="closed_on",
        ),
    ),
)

FIRST_MONTH, MONTHS, FIRST_PATH_YEAR = 2016 * 12, 144, 2015
FIRST_YEAR, YEARS = 2022, 6
END = FIRST_MONTH + MONTHS
IN_SCOPE = 1
PREFIX = 500  # one of these firms always agrees on a merger, so that no scale is without one
PRODUCTS = tuple(vocabulary("product", "code").index(code) for code in ("merger", "tech_merger_pilot"))
WITHOUT_LOAN = 255 << 7  # a slot that no chain of loans has (credit_history)
CONTROL, MINORITY, ABSORPTION = range(3)
NO_DAY = 1 << 30
DAY_END = day_number("2028-01-01")
EARLY = 2021 * 12  # targets of agreements before it are old firms
LEAST_PRICE = 300_000_000  # cents
RATE_UNIT = 10_000_000  # 100 % in 1e-5 percent


def rows(block, needs, params, draw):
    """One row a merger, ordered by id."""
    state, paths = needs["firm_state"], needs["firm_month"]
    parts = [_with_loan(needs["note"], params, draw), _without_loan(block, needs, params, draw)]
    one = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    one = {name: column[np.argsort(one["id"])] for name, column in one.items()}
    kind, stake = _stake(one["id"], draw)
    target = _targets(one, stake, state, paths, needs["listing_path"], params, draw)
    found = np.flatnonzero(target >= 0)
    one = {name: column[found] for name, column in one.items()}
    row, month = one["row"], month_of(one["agreed_on"])
    held = needs["tag_month"]["held"][row, np.clip(month - FIRST_MONTH, 0, MONTHS - 1)]
    path = needs["listing_path"]
    rest = one["price"] - one["loan"]
    fund = draw.chance("fund", one["id"], params["merger.fund_odds"]) * draw.uniform("fund_share", one["id"])
    fund = round_significant((rest * fund * params["merger.fund_share_max"]).astype(np.int64), 2, 0.999)
    closes, gives_up = one["closed_on"] < DAY_END, one["terminated_on"] < DAY_END
    return {
        "merger_id": one["id"],
        "kind": kind[found],
        "acquirer_id": state["firm"][row],
        "target_id": state["firm"][target[found]],
        "acquirer_tech": held & IN_SCOPE > 0,
        "acquirer_listed": (path["listed"][row] < month) & (path["delisted"][row] > month),
        "agreed_on": one["agreed_on"].astype(np.int32),
        "closed_on": nullable(np.where(closes, one["closed_on"], 0).astype(np.int32), closes),
        "terminated_on": nullable(np.where(gives_up, one["terminated_on"], 0).astype(np.int32), gives_up),
        "stake": stake[found],
        "price": one["price"],
        "own_funds": rest - fund,
        "loan_amount": one["loan"],
        "fund_amount": fund,
        "loan_share": one["loan"] * RATE_UNIT // one["price"],
        "loan_id": nullable(one["loan_id"], one["loan_id"] > 0),
    }


def _with_loan(note, params, draw):
    """One merger for each note of a merger product: the loan is drawn when the merger closes."""
    at = np.flatnonzero(np.isin(note["product"], PRODUCTS))
    number, granted = note["attempt"][at], note["granted_on"][at].astype(np.int64)
    fx = dollar_parity(FIRST_MONTH, MONTHS)[month_of(granted) - FIRST_MONTH]
    loan = np.where(note["usd"][at], (note["amount"][at] * fx + 5000) // 10000, note["amount"][at])
    pilot = note["product"][at] == PRODUCTS[1]
    most = np.where(pilot, params["merger.pilot_share_max"], params["merger.loan_share_max"])
    least = params["merger.loan_share_min"]
    # The share is what the loan is of the price, so the price is rounded up: the limit holds.
    share = least + (most - least) * (1.0 - 0.6 * draw.uniform("loan_share", number))
    price = round_significant((loan * 100 / share).astype(np.int64) + 1, 3, 0.0)
    return {
        "id": number,
        "row": note["row"][at],
        "agreed_on": granted - draw.between("before_loan", number, 20, 150),
        "closed_on": granted,
        "terminated_on": np.full(len(at), NO_DAY),
        "price": price,
        "loan": loan,
        "loan_id": number,
    }


def _without_loan(block, needs, params, draw):
    """Mergers of listed firms and of large and medium tech firms by year."""
    state, paths, path = needs["firm_state"], needs["firm_month"], needs["listing_path"]
    tech, size = state["kind"] == 0, state["size"]
    usual = np.where(size == 0, params["merger.large"], np.where(size == 1, params["merger.medium"], 0.0)) * tech
    row = np.flatnonzero((usual > 0) | (path["listed"] < END))
    if block.index == 0:
        row = np.union1d(row, np.arange(min(PREFIX, block.count)))
    year = np.arange(YEARS)
    month = (FIRST_YEAR + year) * 12 + draw.below("month", state["firm"][row][:, None], 12, year[None, :])
    listed = (path["listed"][row][:, None] < month) & (path["delisted"][row][:, None] > month)
    p = np.where(listed, params["merger.listed"], usual[row][:, None])
    alive = (state["founded_month"][row][:, None] + 24 < month) & (paths["exit_month"][row][:, None] > month + 12)
    u = draw.uniform("merges", state["firm"][row][:, None], year[None, :])
    merges = alive & (u < p)
    if block.index == 0:
        merges.reshape(-1)[_nearest(u, p, alive, row)] = True
    at, year = np.nonzero(merges)
    row, month = row[at], month[at, year]
    number = state["firm"][row] << 15 | WITHOUT_LOAN | year
    revenue = paths["revenue"][row, FIRST_YEAR + year - FIRST_PATH_YEAR]
    price = revenue * params["merger.price"] * draw.quantile("price", number, quantiles("lognormal_1.1")) * 100
    agreed = next_weekday(day_in_month(month, 0.9 * draw.uniform("day", number))).astype(np.int64)
    ends = agreed + draw.between("closing", number, 20, 240)
    fails = draw.chance("terminated", number, params["merger.terminated"])
    return {
        "id": number,
        "row": row,
        "agreed_on": agreed,
        "closed_on": np.where(fails, NO_DAY, ends),
        "terminated_on": np.where(fails, ends, NO_DAY),
        "price": round_significant(np.maximum(price, LEAST_PRICE).astype(np.int64), 3, draw.uniform("round", number)),
        "loan": np.zeros(len(row), np.int64),
        "loan_id": np.zeros(len(row), np.int64),
    }


def _nearest(u, p, alive, row):
    """Flat place of the firm and year among the first firms that comes nearest to a merger."""
    nearness = np.where(alive & (row < PREFIX)[:, None], u / np.maximum(p, 1e-6), np.inf)
    return int(np.argmin(nearness))


def _stake(number, draw):
    """Kind of the merger and the stake in 1e-5 percent, whole hundredths of a percent."""
    u = draw.uniform("kind", number)
    kind = np.where(u < 0.6, CONTROL, np.where(u < 0.93, MINORITY, ABSORPTION))
    part = draw.uniform("stake", number)
    percent = np.where(kind == CONTROL, 51.0 + 49.0 * part, np.where(kind == MINORITY, 5.0 + 44.0 * part, 100.0))
    return kind, np.floor(percent * 100).astype(np.int64) * 1000


def _targets(one, stake, state, paths, path, params, draw):
    """Row of the target of each merger, -1 if none is left; each firm is bought at most once.

    Targets are medium and small firms and micro firms of tech or with tech use, unlisted, and alive to the end; those
    of the years before 2021 come from firms founded by 2013. Among them the price chooses: the firm whose revenue fits
    it, or the next free one.
    """
    firm = state["firm"]
    pool = (state["size"] >= 1) & ((state["size"] <= 2) | (state["kind"] <= 2))
    pool &= (paths["exit_month"] >= END) & (path["listed"] >= END)
    pool[one["row"]] = False
    early = draw.chance("early_pool", firm, 0.3) & (state["founded_month"] < 2014 * 12)
    target = np.full(len(stake), -1)
    for is_early, founded in ((True, 2014 * 12), (False, 2019 * 12)):
        mine = np.flatnonzero((month_of(one["agreed_on"]) < EARLY) == is_early)
        rows_ = np.flatnonzero(pool & (early == is_early) & (state["founded_month"] < founded))
        if not len(mine) or not len(rows_):
            continue
        revenue = paths["revenue"][rows_, FIRST_YEAR - FIRST_PATH_YEAR]
        rows_, revenue = rows_[np.argsort(revenue, kind="stable")], np.sort(revenue, kind="stable")
        wanted = one["price"][mine] / 100 / (params["merger.revenue_multiple"] * stake[mine] / RATE_UNIT)
        place = np.searchsorted(revenue, wanted * (0.6 + 0.8 * draw.uniform("fit", one["id"][mine])))
        order = np.argsort(place, kind="stable")
        steps = np.arange(len(mine))
        free = np.maximum.accumulate(place[order] - steps) + steps  # the next free place upwards
        free -= max(int(free[-1]) - len(rows_) + 1, 0)  # where the largest prices outrun the pool, all move down
        target[mine[order]] = np.where(free >= 0, rows_[np.maximum(free, 0)], -1)
    return target
