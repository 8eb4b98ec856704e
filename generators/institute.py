"""Laboratories, facilities, engineering centres and research bodies: legal persons that are no enterprises.

Each hangs on a firm number, so that a scale is a prefix of them; some engineering centres and new research bodies are
sponsored by that firm. Those with Hong Kong funds lie in the Hetao zone and may use Kehuitong from a day on.
"""

import numpy as np

from sfbench.kit import (
    Choice,
    ChoiceByRow,
    Column,
    Table,
    ascii_texts,
    code_list,
    compose,
    day_in_month,
    hosted,
    nullable,
    positions,
    quantiles,
    round_significant,
    uscc,
    vocabulary,
    vocabulary_numbers,
)

TABLE = Table(
    zh="科研机构",
    en="Research institutes",
    key=("institute_id",),
    needs=("firm_state", "cluster"),
    grows="scale",
    per_firm=0.00126,
    row_bytes=550.0,
    measures=(10, 12),
    event_on="founded_on",
    known_on="founded_on",
    rows_by="2022-06-30",
    columns=(
        Column("institute_id", "key", "机构编号", "Institute"),
        Column("uscc", "text", "统一社会信用代码", "Unified social credit code", check="uscc", privacy="identifier"),
        Column("name_zh", "text", "名称", "Name (fictional)", privacy="identifier"),
        Column("kind", "code", "机构类别", "Kind", values=code_list("institute_kind")),
        Column("public", "flag", "是否事业单位", "Public institution (else a private non-enterprise unit)"),
        Column("district_id", "key", "行政区编号", "District", references="district.district_id"),
        Column("in_hetao", "flag", "是否位于河套", "Lies in the Hetao zone"),
        Column("hk_funded", "flag", "是否港资", "Founded with Hong Kong funds"),
        Column(
            "kehuitong_from",
            "date",
            "科汇通资格日期",
            "May use Kehuitong from",
            nullable=True,
            known_on="kehuitong_from",
        ),
        Column("cluster_id", "key", "产业集群编号", "Cluster (list of 2024)", references="cluster.cluster_id"),
        Column(
            "eco_topic",
            "code",
            "生态科技领域",
            "Topic of ecological science",
            values=code_list("eco_topic"),
            nullable=True,
        ),
        Column(
            "sponsor_id",
            "key",
            "举办企业编号",
            "Enterprise that sponsors it",
            nullable=True,
            references="enterprise.enterprise_id",
        ),
        Column("staff", "count", "科研人员数", "Research staff", unit="person", low=5),
        Column("yearly_budget", "money", "年度经费", "Yearly budget", unit="CNY", low=0, privacy="sensitive"),
        Column("founded_on", "date", "成立日期", "Founded on", low_on="1996-01-01", high_on="2024-06-30"),
    ),
)

POOL = 714285  # firms at scale 1 (parameter population.firms)
UNASSIGNED = 440390
KEY_LAB, FACILITY, CENTRE, RESEARCH, NEW_BODY = range(5)
KINDS = (0.30, 0.03, 0.34, 0.13, 0.20)  # prior, in the order of the code list
PUBLIC = (0.9, 1.0, 0.35, 0.9, 0.15)  # prior
STAFF = (60, 180, 35, 120, 70)  # prior: mean
SUFFIXES = ("重点实验室", "科学装置中心", "工程技术研究中心", "研究院", "创新研究院")
FUTIAN = 2
HK_FROM, KEHUITONG_FROM = 2017 * 12, 2025 * 12 + 7
FIRST_FOUNDED, LAST_FOUNDED = 1996 * 12, 2024 * 12 + 5
LAST_OF_EARLY = 2021 * 12 + 11  # who used Kehuitong first was there before the window


def rows(block, needs, params, draw):
    """One row an institute whose firm number lies in the block; `_row` is that firm's row."""
    number, host = hosted(block, params["institute.number"] / POOL)
    kind = draw.choice("kind", number, Choice.of(KINDS))
    # Evenly spread over the numbers, the first among them, so that the smallest scale has one.
    share = params["institute.hk_share"]
    rank = np.ceil(number * share)
    hk = rank > np.ceil((number - 1) * share)
    kind = np.where(hk, RESEARCH, kind)
    public = ~hk & draw.chance("public", number, np.array(PUBLIC)[kind])
    topic = draw.choice("topic", number, Choice.of(vocabulary_numbers("institute_topic", "weight")))
    # One in seven of them, the first one too, could use it in its first month; the others joined later (kht_2025).
    early = hk & (rank % 7 == 1)
    founded = _founded(number, hk, early, draw)
    founded_on = day_in_month(founded, draw.uniform("founded_day", number))
    district = ChoiceByRow.of(np.stack([vocabulary_numbers("district", "weight_software")])).at(
        np.zeros(len(number), np.int64), draw.uniform("district", number)
    )
    staff = 5 + (np.array(STAFF)[kind] * draw.quantile("staff", number, quantiles("lognormal_0.8"))).astype(np.int64)
    budget = staff * (3e5 + 5e5 * draw.uniform("budget", number))
    kehuitong = np.where(early, KEHUITONG_FROM, KEHUITONG_FROM + 1 + draw.below("kehuitong", number, 28))
    clusters, eco = _topics()
    return {
        "institute_id": number,
        "uscc": ascii_texts(_codes(number, public, draw)),
        "name_zh": _names(number, kind, topic, draw),
        "kind": kind,
        "public": public,
        "district_id": np.where(hk, FUTIAN, district + 1),
        "in_hetao": hk,
        "hk_funded": hk,
        "kehuitong_from": nullable(day_in_month(kehuitong, draw.uniform("kehuitong_day", number)), hk),
        "cluster_id": clusters[topic],
        "eco_topic": nullable(eco.values[topic], eco.valid[topic]),
        "sponsor_id": nullable(block.first + host, _sponsored(number, kind, founded, host, needs, params, draw)),
        "staff": staff,
        "yearly_budget": round_significant((budget * 100).astype(np.int64), 3, draw.uniform("budget_round", number)),
        "founded_on": founded_on,
        "_row": host,
    }


def _founded(number, hk, early, draw):
    """Month of founding: most are young; Hong Kong's came to Hetao from 2017 on."""
    u = draw.uniform("founded", number)
    first, last = np.where(hk, HK_FROM, FIRST_FOUNDED), np.where(early, LAST_OF_EARLY, LAST_FOUNDED)
    return np.minimum(first + ((1 - u * u) * (last + 1 - first)).astype(np.int64), last)


def _topics():
    """Cluster and ecological topic by row of the vocabulary of topics."""
    codes = vocabulary("cluster", "cluster_code")
    clusters = np.array([codes.index(code) + 1 for code in vocabulary("institute_topic", "cluster_2024")])
    return clusters, positions(vocabulary("institute_topic", "eco_topic"), code_list("eco_topic"))


def _codes(number, public, draw):
    """Public institutions are registered by the establishment office (12), private units by civil affairs (52)."""
    area = UNASSIGNED + draw.below("area", number, 10)
    organisation = draw.below("organisation", number, 31**8)
    out = uscc("5", "2", area, organisation, base=31)
    out[public] = uscc("1", "2", area, organisation, base=31)[public]
    return out


def _names(number, kind, topic, draw):
    heads, topics = vocabulary("name_head", "head"), vocabulary("institute_topic", "topic_zh")
    head = draw.below("head", number, len(heads))
    return compose((("深圳市",), np.zeros(len(number), np.int64)), (heads, head), (topics, topic), (SUFFIXES, kind))


def _sponsored(number, kind, founded, host, needs, params, draw):
    """Whether the firm at its number sponsors it: a firm that was there before it."""
    fits = np.isin(kind, (CENTRE, NEW_BODY)) & (needs["firm_state"]["founded_month"][host] < founded)
    return fits & draw.chance("sponsored", number, params["institute.sponsored"])
