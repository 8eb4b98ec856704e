"""Who leads a key industry chain, and who supplies which leader with how much.

Leaders are large firms with tech or tech use; suppliers are small and medium firms of the chain's trades, or of trades
that supply every chain. A link lasts from a month to a month; its purchases are those of the year in which it begins.
"""

from functools import cache

import numpy as np

from sfbench.kit import (
    Column,
    Table,
    code_list,
    month_end,
    month_start,
    nullable,
    quantiles,
    round_significant,
    vocabulary,
)

TABLE = Table(
    zh="产业链关系",
    en="Roles and links in industry chains",
    key=("link_id",),
    needs=("firm_state", "firm_month"),
    grows="enterprise",
    per_firm=0.0207,
    row_bytes=36.4,
    measures=(2, 13),
    event_on="valid_from",
    known_on="disclosed_on",
    rows_by="2027-12-31",
    columns=(
        Column("link_id", "key", "关系编号", "Link"),
        Column("enterprise_id", "key", "企业编号", "Enterprise", references="enterprise.enterprise_id"),
        Column("chain", "code", "产业链", "Chain", values=code_list("chain")),
        Column("role", "code", "角色", "Role", values=code_list("chain_role")),
        Column(
            "leader_id",
            "key",
            "链主企业编号",
            "The leader that a supplier supplies; empty for a leader",
            nullable=True,
            references="enterprise.enterprise_id",
        ),
        Column("valid_from", "date", "关系起始日", "In force from", low_on="2016-01-01", high_on="2027-12-31"),
        Column(
            "valid_to",
            "date",
            "关系终止日",
            "Last day in force",
            nullable=True,
            known_on="valid_to",
            high_on="2027-12-31",
        ),
        Column("disclosed_on", "date", "披露日期", "Disclosed on", low_on="2016-01-01", high_on="2027-12-31"),
        Column("purchase_year", "count", "采购年度", "Year of the purchases", nullable=True, low=2016, high=2027),
        Column(
            "yearly_purchases",
            "money",
            "年采购额",
            "The leader's purchases from the supplier in that year",
            unit="CNY",
            nullable=True,
            low=0,
            privacy="sensitive",
        ),
    ),
)

FIRST_PATH_YEAR = 2015
FIRST_MONTH, WINDOW, END = 2016 * 12, 2022 * 12, 2028 * 12
LAST_DAY = int(month_end(END - 1))
NEVER = 1 << 40
USE, OTHER = 2, 3
OUT = 1
LARGE, MICRO = 0, 3
LEADER, SUPPLIER = 0, 1
# Priors: most months from a leader's or supplier's first chance to its role; least part of revenue sold to a leader.
MONTHS_TO_NAME, MONTHS_TO_LINK, LEAST_SHARE = 36, 120, 0.02
LEADER_ORDINAL = 7  # a link's number is firm | 3 bits; suppliers use 0 and 1


def rows(block, needs, params, draw):
    """One row a leader, and one a supplier and its leader; `_supplier_from`, `_supplier_to` by firm (NEVER if none)
    say when it would supply a leader: its own history, whoever leads in its block."""
    state, paths = needs["firm_state"], needs["firm_month"]
    chain = _chains()[state["industry"]]
    leaders = _leaders(state, paths, chain, params, draw)
    links = _links(state, paths, chain, leaders, params, draw)
    since, until = _supplies(state, paths, chain, params, draw)
    every = {name: np.concatenate((leaders[name], links[name])) for name in links}
    order = np.argsort(every["number"])
    every = {name: column[order[(every["end"] > WINDOW)[order]]] for name, column in every.items()}
    start, end = every["start"], np.minimum(every["end"], END)
    supplies = every["role"] == SUPPLIER
    valid_from = month_start(start)
    return {
        "link_id": every["number"],
        "enterprise_id": block.first + every["row"],
        "chain": every["chain"],
        "role": every["role"],
        "leader_id": nullable(block.first + every["leader"], supplies),
        "valid_from": valid_from,
        "valid_to": nullable(month_end(end - 1), end < END),
        "disclosed_on": np.minimum(valid_from + supplies * draw.below("disclosed", every["number"], 91), LAST_DAY),
        "purchase_year": nullable(start // 12, supplies),
        "yearly_purchases": nullable(every["purchases"], supplies),
        "_supplier_from": since,
        "_supplier_to": until,
    }


@cache
def _chains():
    """Chain of each industry class by position: -1 for trades in none, -2 for those that supply any."""
    names = {code.code: i for i, code in enumerate(code_list("chain"))} | {"any": -2}
    of = dict(zip(vocabulary("chain_industry", "trade"), vocabulary("chain_industry", "chain"), strict=True))
    classes = zip(vocabulary("industry", "industry_code"), vocabulary("industry", "division"), strict=True)
    found = [of.get(trade, of.get(division)) for trade, division in classes]
    return np.array([-1 if chain is None else names[chain] for chain in found])


def _leaders(state, paths, chain, params, draw):
    """Leaders of the block, one at least, by chain."""
    fit = np.flatnonzero(
        (chain >= 0) & (state["kind"] <= USE) & (state["kind"] != OUT) & (paths["exit_month"] > WINDOW)
    )
    large = fit[state["size"][fit] == LARGE]
    if not large.size:  # a block of few firms: its largest firm of a chain's trade leads
        large = fit[np.argsort(-paths["revenue"][fit, -1], kind="stable")[:1]]
    turn = draw.uniform("leader", state["firm"][large])
    row = large[(turn < params["chain.leader_share"]) | (turn == turn.min(initial=1.0))]
    row = row[np.argsort(chain[row], kind="stable")]
    firm = state["firm"][row]
    start = np.maximum(state["founded_month"][row] + 24, FIRST_MONTH) + draw.below("named", firm, MONTHS_TO_NAME)
    start = np.minimum(start, END - 1)
    return {
        "number": firm << 3 | LEADER_ORDINAL,
        "row": row,
        "leader": row,
        "chain": chain[row],
        "role": np.full(len(row), LEADER),
        "start": start,
        "end": np.maximum(paths["exit_month"][row], start + 1),
        "purchases": np.zeros(len(row), np.int64),
    }


def _suppliers(state, chain, params, draw):
    """Rows of the firms that supply leaders."""
    small = (state["size"] > LARGE) & (state["size"] < MICRO) & (state["kind"] != OUT) & (chain != -1)
    row = np.flatnonzero(small)
    chance = np.where(state["kind"][row] == OTHER, params["chain.supplier_other"], params["chain.supplier_tech"])
    return row[draw.chance("supplier", state["firm"][row], chance)]


def _supplies(state, paths, chain, params, draw):
    """(first month, first month after) in which a firm would supply a leader; NEVER if it does not."""
    row = _suppliers(state, chain, params, draw)
    firm = state["firm"][row]
    start = np.maximum(state["founded_month"][row] + 6, FIRST_MONTH)  # no leader is named before
    start = start + draw.below("start", firm, MONTHS_TO_LINK, 0)
    end = np.minimum(start + _life(firm, 0, params, draw), paths["exit_month"][row])
    since, until = np.full(len(state["firm"]), NEVER), np.full(len(state["firm"]), NEVER)
    fits = start < np.minimum(end, END)
    since[row[fits]], until[row[fits]] = start[fits], end[fits]
    return since, until


def _life(firm, ordinal, params, draw):
    """Months for which a link lasts."""
    life = 6 + draw.quantile("life", firm, quantiles("exponential"), ordinal) * params["chain.link_years"] * 12
    return life.astype(np.int64)


def _links(state, paths, chain, leaders, params, draw):
    """Suppliers with their leaders: of their own chain if it has one in the block, else of any."""
    row = _suppliers(state, chain, params, draw)
    row = np.concatenate((row, row[draw.chance("second", state["firm"][row], params["chain.second_leader"])]))
    ordinal = np.zeros(len(row), np.int64)
    ordinal[len(np.unique(row)) :] = 1
    firm = state["firm"][row]
    first = np.searchsorted(leaders["chain"], chain[row], "left")
    count = np.searchsorted(leaders["chain"], chain[row], "right") - first
    first, count = np.where(count > 0, first, 0), np.where(count > 0, count, len(leaders["row"]))
    which = first + (draw.below("leader_of", firm, count) + ordinal) % count
    leader = leaders["row"][which]
    start = np.maximum(state["founded_month"][row] + 6, leaders["start"][which])
    start = start + draw.below("start", firm, MONTHS_TO_LINK, ordinal)
    gone = np.minimum(paths["exit_month"][row], leaders["end"][which])
    end = np.minimum(start + _life(firm, ordinal, params, draw), gone)
    year = np.minimum(start, END - 1) // 12 - FIRST_PATH_YEAR
    share = draw.uniform("purchases", firm, ordinal)
    bought = paths["revenue"][row, year] * (LEAST_SHARE + params["chain.purchase_share"] * share * share)
    bought = np.minimum(bought, params["chain.leader_cap"] * paths["revenue"][leader, year])
    # A firm does not supply one leader twice, nor after either is gone, nor itself: in a block of few firms a small one
    # may lead.
    keep = (start < END) & (start < end) & ((ordinal == 0) | (count > 1)) & (bought >= 1) & (row != leader)
    found = {
        "number": firm << 3 | ordinal,
        "row": row,
        "leader": leader,
        "chain": leaders["chain"][which],
        "role": np.full(len(row), SUPPLIER),
        "start": start,
        "end": end,
        "purchases": round_significant((bought * 100).astype(np.int64), 3, draw.uniform("round", firm, ordinal)),
    }
    return {name: column[keep] for name, column in found.items()}
