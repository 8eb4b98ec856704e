"""What a firm is by its trade: the trade's profile, clusters, hard technology. Unpublished."""

from functools import cache

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
# Columns of the trade profile that are handed on by firm.
TRADE = ("tce", "assets", "exporters", "cycle_low", "cycle_high")


def rows(block, needs, params, draw):
    """Arrays by firm: the trade's profile, `cluster_2022` and `cluster_2024` (cluster_id, 0 none), `hard_tech`."""
    state, cluster = needs["firm_state"], needs["cluster"]
    firm, trade = state["firm"], state["industry"]
    pair = cluster["_by_industry"].at(trade, draw.uniform("cluster", firm))
    hard = draw.chance("hard_tech", firm, _profile("hard_tech")[trade])
    return {
        **{name: _profile(name)[trade] for name in TRADE},
        "cluster_2022": cluster["_first"][pair],
        "cluster_2024": cluster["_second"][pair],
        "hard_tech": hard & (state["kind"] < OTHER),
    }


@cache
def _profile(column):
    """A column of the trade profile by position of the industry vocabulary: the division's, else the section's."""
    trades, values = calibration("trade_profile", "trade"), calibration_numbers("trade_profile", column)
    names = zip(vocabulary("industry", "division"), vocabulary("industry", "section"), strict=True)
    return values[[trades.index(division if division in trades else section) for division, section in names]]
