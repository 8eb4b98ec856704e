"""Premium subsidies: what was applied for, what the caps left of it. City pools need all blocks, so it is settled."""

import numpy as np

from sfbench.kit import Column, Table, code_list, month_of, month_start

TABLE = Table(
    zh="科技保险保费补贴",
    en="Premium subsidies",
    stage="settle",
    key=("policy_id",),
    needs=("insurance_policy", "insurance_product"),
    grows="insurance_policy",
    per_firm=0.0111,
    row_bytes=58.3,
    measures=(15,),
    event_on="applied_on",
    known_on="decided_on",
    rows_by="2027-09-30",
    columns=(
        Column("policy_id", "key", "保单编号", "Policy", references="insurance_policy.policy_id"),
        Column("enterprise_id", "key", "企业编号", "Enterprise", references="enterprise.enterprise_id"),
        Column("program", "code", "保费补贴项目", "Programme", values=code_list("subsidy_program")),
        Column("year", "count", "资助年度", "Year of the budget", low=2022, high=2027),
        Column("applied_on", "date", "申请日期", "Applied", low_on="2022-01-01", high_on="2027-12-31"),
        Column("decided_on", "date", "核定日期", "Decided"),
        Column("premium", "money", "保险费", "Premium of the policy", unit="CNY", low=0.01),
        Column("amount_due", "money", "按比例应补金额", "Amount by the programme's share", unit="CNY", low=0),
        Column("amount", "money", "核定补贴金额", "Amount granted after the caps", unit="CNY", low=0),
        Column("cut_by", "code", "限额原因", "What cut the amount", values=code_list("subsidy_cut")),
    ),
)

FIRST_DAY, LAST_DAY = int(month_start(2022 * 12)), int(month_start(2028 * 12)) - 1
IP, FIRST_OF_KIND = 0, 1
IN_FULL, FIRM_CAP, POOL = range(3)
STATE = ("policy_id", "enterprise_id", "program", "applied_on", "decided_on", "premium", "sum_insured")


def partial(block, needs, params, draw):
    """The block's applications: policies of the supported lines that the firm pays for itself."""
    policy, product = needs["insurance_policy"], needs["insurance_product"]
    program = product["program"]
    place = policy["insurance_product_id"] - 1
    mine = np.flatnonzero(program.valid[place] & (policy["payer"] == 0))
    kind, number = program.values[place[mine]], policy["policy_id"][mine]
    keen = np.where(kind == IP, params["insurance.ip_applies"], params["insurance.first_applies"])
    applied_on = policy["starts_on"][mine] + draw.between("apply", number, 5, 60)
    decided_on = applied_on + draw.between("decide", number, 15, 60)
    in_time = (applied_on >= FIRST_DAY) & (decided_on <= LAST_DAY)
    applies = (draw.uniform("applies", number) < keen) & in_time
    if block.index == 0:  # the first that can applies, so that no scale is without a subsidy
        applies |= in_time & (number == number[in_time].min(initial=1 << 62))
    columns = {
        "policy_id": number,
        "enterprise_id": policy["enterprise_id"][mine],
        "program": kind,
        "applied_on": applied_on,
        "decided_on": decided_on,
        "premium": policy["premium"][mine],
        "sum_insured": policy["sum_insured"][mine],
    }
    return {name: columns[name][applies].astype(np.int64) for name in STATE}


def merge(a, b):
    """Applications of both parts."""
    return {name: np.concatenate((a[name], b[name])) for name in STATE}


def finish(state, needs, params, draw):
    """First come, first served: the programme's share, then the firm's cap of the year, then the year's pool."""
    order = np.lexsort((state["policy_id"], state["applied_on"]))
    one = {name: state[name][order] for name in STATE}
    is_ip = one["program"] == IP
    year = month_of(one["applied_on"]).astype(np.int64) // 12
    counted = np.minimum(one["premium"], _share(one["sum_insured"], params["insurance.first_rate_cap"]))
    due = np.where(
        is_ip,
        _share(one["premium"], params["insurance.ip_share"]),
        _share(counted, params["insurance.first_share"]),
    )
    amount, cut = due.copy(), np.full(len(due), IN_FULL)
    some = np.flatnonzero(is_ip)
    firm_year = one["enterprise_id"][some] * 10_000 + year[some]
    after_firm = _within(due[some], firm_year, int(params["insurance.ip_firm_cap"] * 100))
    after_pool = _within(after_firm, year[some], int(params["insurance.ip_pool"] * params.scale * 100))
    amount[some] = after_pool
    cut[some] = np.where(after_pool < after_firm, POOL, np.where(after_firm < due[some], FIRM_CAP, IN_FULL))
    by_policy = np.argsort(one["policy_id"])
    columns = {name: one[name] for name in ("policy_id", "enterprise_id", "program", "applied_on", "decided_on")}
    columns |= {"year": year, "premium": one["premium"], "amount_due": due, "amount": amount, "cut_by": cut}
    return {name: column[by_policy] for name, column in columns.items()}


def _share(cents, percent):
    """So many percent of an amount, whole cents, rounded down."""
    return cents * round(percent * 100) // 10_000


def _within(wanted, group, cap):
    """What each in turn gets of its group's cap."""
    order = np.argsort(group, kind="stable")
    amounts, key = wanted[order], group[order]
    before = np.cumsum(amounts) - amounts
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    before -= np.repeat(before[starts], np.diff(starts, append=len(key)))
    granted = np.empty_like(wanted)
    granted[order] = np.clip(cap - before, 0, amounts)
    return granted
