"""Members of cash pools: the leader, firms of its group in the city, and others elsewhere and abroad."""

import numpy as np

from sfbench.kit import Choice, Column, Table, code_list, month_end, nullable, quantiles

TABLE = Table(
    zh="资金池成员",
    en="Members of cash pools",
    key=("pool_id", "member_no"),
    needs=("firm_state", "firm_month", "cash_pool"),
    grows="cash_pool",
    per_firm=0.0035,
    row_bytes=33,
    measures=(10,),
    event_on="joined_on",
    known_on="joined_on",
    rows_by="2021-12-31",
    columns=(
        Column("pool_id", "key", "资金池编号", "Pool", references="cash_pool.pool_id"),
        Column("member_no", "count", "成员序号", "Number of the member; the leader is 0", low=0),
        Column("place", "code", "所在地", "Place", values=code_list("pool_member_place")),
        Column(
            "enterprise_id",
            "key",
            "企业编号",
            "Enterprise; only members in the city",
            nullable=True,
            references="enterprise.enterprise_id",
        ),
        Column("joined_on", "date", "加入日期", "Joined on", low_on="2016-01-01", high_on="2027-12-31"),
        Column("left_on", "date", "退出日期", "Left on", nullable=True, known_on="left_on"),
    ),
)

LAST = 2027 * 12 + 11
NEVER = 1 << 40
SHENZHEN = 0
ABROAD = (0.36, 0.26, 0.02, 0.09, 0.09, 0.10, 0.08)  # prior: mainland, then the places abroad
LEAST = 3


def rows(block, needs, params, draw):
    """One row a member, by pool."""
    pool, state = needs["cash_pool"], needs["firm_state"]
    leader = pool["_row"]
    child, of = _group(leader, state["firm"], state["parent"], params, draw)
    factor = draw.quantile("members", pool["pool_id"], quantiles("lognormal_0.8"))
    wanted = np.maximum((params["pool.members"] * factor).astype(np.int64), LEAST)
    inside = 1 + np.bincount(of, minlength=len(leader))
    outside = np.maximum(wanted - inside, 2)  # a pool across the border has members elsewhere
    index = np.concatenate((np.arange(len(leader)), of, np.repeat(np.arange(len(leader)), outside)))
    row = np.concatenate((leader, child, np.full(int(outside.sum()), -1)))
    order = np.argsort(index, kind="stable")
    index, row = index[order], row[order]
    number = np.arange(len(index)) - np.searchsorted(index, np.arange(len(leader)))[index]
    pool_id, own = pool["pool_id"][index], np.maximum(row, 0)
    at_start = (number == 0) | draw.chance("at_start", pool_id, params["pool.at_start"], number)
    joined = pool["_month"][index] + np.where(at_start, 0, 1 + draw.below("joins", pool_id, 60, number))
    joined = np.where(number == 0, joined, np.maximum(joined, np.where(row >= 0, state["founded_month"][own] + 1, 0)))
    gone = np.where(row >= 0, needs["firm_month"]["exit_month"][own], NEVER)
    leaves = (number > 0) & draw.chance("leaves", pool_id, params["pool.leaves"], number)
    left = np.minimum(np.where(leaves, joined + 6 + draw.below("stays", pool_id, 60, number), NEVER), gone)
    left = np.minimum(left, needs["firm_month"]["exit_month"][leader][index])  # the pool ends with its leader
    keep = np.flatnonzero((joined < left) & (joined <= LAST))
    place = 1 + draw.choice("place", pool_id, Choice.of(ABROAD), number)
    here, ends = row >= 0, left <= LAST
    columns = {
        "pool_id": pool_id,
        "member_no": number,
        "place": np.where(here, SHENZHEN, place),
        "joined_on": np.where(
            at_start & (joined == pool["_month"][index]),
            pool["registered_on"][index],
            month_end(np.minimum(joined, LAST)),
        ),
    }
    columns = {name: column[keep] for name, column in columns.items()}
    columns["enterprise_id"] = nullable(block.first + own[keep], here[keep])
    columns["left_on"] = nullable(month_end(np.minimum(left, LAST))[keep], ends[keep])
    return columns


def _group(leader, firm, parent, params, draw):
    """(rows, position of the pool) of the firms of the leaders' groups that take part."""
    pools = np.full(len(firm), -1)
    pools[leader] = np.arange(len(leader))
    head = np.maximum(parent - firm[0], 0)
    member = np.flatnonzero((parent >= firm[0]) & (parent != firm) & (pools[head] >= 0))
    member = member[draw.chance("takes_part", firm[member], params["pool.group_members"])]
    return member, pools[head[member]]
