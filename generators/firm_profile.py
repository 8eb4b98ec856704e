"""What a firm is by its trade and its owner: clusters, hard technology, the group that it belongs to. Unpublished."""

from functools import cache

import numpy as np

from sfbench.kit import Table, calibration, calibration_numbers, vocabulary

TABLE = Table(
    zh="企业特征",
    en="Profiles of firms",
    published=False,
    key=("firm",),
    columns=(),
    needs=("firm_state", "cluster"),
    grows="scale",
)

OTHER = 3
LARGE, MEDIUM, SMALL = range(3)
# Columns of the trade profile that are handed on by firm.
TRADE = ("tce", "assets", "exporters", "cycle_low", "cycle_high")


def rows(block, needs, params, draw):
    """Arrays by firm: the trade's profile, `cluster_2022` and `cluster_2024` (cluster_id, 0 none), `hard_tech`, and
    `parent`, the firm number that heads its group (0 none; a head is its own parent)."""
    state, cluster = needs["firm_state"], needs["cluster"]
    firm, trade = state["firm"], state["industry"]
    pair = cluster["_by_industry"].at(trade, draw.uniform("cluster", firm))
    hard = draw.chance("hard_tech", firm, _profile("hard_tech")[trade])
    return {
        **{name: _profile(name)[trade] for name in TRADE},
        "cluster_2022": cluster["_first"][pair],
        "cluster_2024": cluster["_second"][pair],
        "hard_tech": hard & (state["kind"] < OTHER),
        "parent": _parents(state, params, draw),
    }


@cache
def _profile(column):
    """A column of the trade profile by position of the industry vocabulary: the division's, else the section's."""
    trades, values = calibration("trade_profile", "trade"), calibration_numbers("trade_profile", column)
    names = zip(vocabulary("industry", "division"), vocabulary("industry", "section"), strict=True)
    return values[[trades.index(division if division in trades else section) for division, section in names]]


def _parents(state, params, draw):
    """Members choose a head among the large firms of the block; a head is not younger than its members."""
    firm = state["firm"]
    parent = np.zeros(len(firm), np.int64)
    heads = np.flatnonzero((state["size"] == LARGE) & draw.chance("head", firm, params["group.parent_share"]))
    chance = np.zeros(4)
    chance[[MEDIUM, SMALL]] = params["group.member_medium"], params["group.member_small"]
    members = np.flatnonzero(draw.chance("member", firm, chance[state["size"]]))
    if heads.size:
        head = heads[draw.below("head_of", firm[members], heads.size)]
        older = state["founded_on"][head] <= state["founded_on"][members]
        parent[members[older]] = firm[head[older]]
        parent[head[older]] = firm[head[older]]
    return parent
