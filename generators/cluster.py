"""The city's "20+8" clusters in their two versions, and the clusters to which a firm's trade may belong.

The table is a classification, like the industries: a firm has its cluster in both versions all its life, whichever was
in force. The second version's list is not published in full; `sourced` says so.
"""

from functools import cache

import numpy as np

from sfbench.kit import ChoiceByRow, Column, Table, codes, nullable, texts, vocabulary, vocabulary_numbers

TABLE = Table(
    zh="“20+8”产业集群",
    en="20+8 industry clusters",
    stage="prelude",
    fixed_rows=56,
    row_bytes=135,
    key=("cluster_id",),
    measures=(2, 3, 19),
    columns=(
        Column("cluster_id", "key", "集群编号", "Cluster"),
        Column("cluster_code", "text", "集群代码", "Code: version year and short name"),
        Column(
            "version", "code", "版本", "Version", values=codes("v1 2022年版 List of 2022", "v2 2024年版 List of 2024")
        ),
        Column(
            "layer",
            "code",
            "类别",
            "Layer",
            values=codes("strategic 战略性新兴产业集群 Strategic", "future 未来产业 Future"),
        ),
        Column("name_zh", "text", "名称", "Name"),
        Column("name_en", "text", "英文名称", "English name"),
        Column(
            "continues", "text", "承接的前一版集群", "Clusters of v1 that it carries on, joined by |", nullable=True
        ),
        Column("valid_from", "date", "有效期起", "Valid from"),
        Column("valid_to", "date", "有效期止", "Valid to (last day)", nullable=True, known_on="valid_to"),
        Column("sourced", "flag", "名单是否有公开来源", "The list is published, not from memory"),
    ),
)


def rows(block, needs, params, draw):
    """56 clusters.

    Handed on: `_by_industry`, a ChoiceByRow over pairs of clusters given the position of an industry, and the pairs'
    `_first` (cluster_id in v1) and `_second` (in v2); 0 is none. A pair keeps a firm's two clusters coherent.
    """
    ends, continues = vocabulary("cluster", "valid_to"), vocabulary("cluster", "continues")
    versions, layers = vocabulary("cluster", "version"), vocabulary("cluster", "layer")
    weights, first, second = _pairs()
    return {
        "cluster_id": np.arange(1, len(ends) + 1),
        **{name: texts(vocabulary("cluster", name)) for name in ("cluster_code", "name_zh", "name_en")},
        "version": np.array([("v1", "v2").index(text) for text in versions]),
        "layer": np.array([("strategic", "future").index(text) for text in layers]),
        "continues": nullable(texts(continues), np.array([bool(text) for text in continues])),
        "valid_from": np.array(vocabulary("cluster", "valid_from"), "datetime64[D]").astype(np.int32),
        "valid_to": nullable(
            np.array([day or "1970-01-01" for day in ends], "datetime64[D]").astype(np.int32),
            np.array([bool(day) for day in ends]),
        ),
        "sourced": vocabulary_numbers("cluster", "sourced") == 1,
        "_by_industry": weights,
        "_first": first,
        "_second": second,
    }


@cache
def _pairs():
    """(weights of the pairs by industry, cluster of v1, cluster of v2); the last pair is (none, none)."""
    number = {code: i + 1 for i, code in enumerate(vocabulary("cluster", "cluster_code"))}
    place = {code: i for i, code in enumerate(vocabulary("industry", "industry_code"))}
    old, new = (
        [number[code] for code in vocabulary("cluster_industry", f"cluster_{year}")] for year in ("2022", "2024")
    )
    pairs, which = np.unique(np.array([old, new]).T, axis=0, return_inverse=True)
    weights = np.zeros((len(place), len(pairs) + 1))
    weight = vocabulary_numbers("cluster_industry", "weight")
    weights[[place[code] for code in vocabulary("cluster_industry", "industry_code")], which.reshape(-1)] = weight
    weights[:, -1] = np.maximum(1 - weights.sum(axis=1), 0)
    first, second = np.append(pairs, [[0, 0]], axis=0).T
    return ChoiceByRow.of(weights), first, second
