"""Firms: who they are. What they are worth in a year, and what they hold as qualifications, stands in other tables."""

from functools import cache

import numpy as np

from sfbench.kit import (
    Choice,
    ChoiceByRow,
    Column,
    Table,
    ascii_texts,
    code_list,
    codes_from,
    compose,
    day_in_month,
    fixed_width,
    nullable,
    quantiles,
    round_significant,
    uscc,
    vocabulary,
    vocabulary_numbers,
)

TABLE = Table(
    zh="企业",
    en="Enterprises",
    key=("enterprise_id",),
    needs=("firm_state", "firm_month", "firm_profile", "firm_innovation", "listing", "cluster", "credit_history"),
    grows="scale",
    per_firm=1.0,
    row_bytes=48.1,
    measures=(0, 2, 7, 8, 11, 20),
    event_on="founded_on",
    known_on="founded_on",
    rows_by="2021-12-31",
    columns=(
        Column("enterprise_id", "key", "企业编号", "Enterprise"),
        Column(
            "uscc",
            "text",
            "统一社会信用代码",
            "Unified social credit code",
            standard="KHZJDM",
            check="uscc",
            privacy="identifier",
        ),
        Column("name_zh", "text", "名称", "Name", standard="KHMC", privacy="identifier"),
        Column(
            "industry_code",
            "code",
            "所属行业中类",
            "Industry class",
            values=codes_from("industry", "industry_code", "name_zh", "name_en"),
            references="industry.industry_code",
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
        Column("area_code", "text", "地区代码", "Area code of the registered address", standard="DQDM"),
        Column("address", "text", "注册地址", "Registered address", standard="ZCDZ", privacy="identifier"),
        Column("postcode", "text", "邮政编码", "Postcode", nullable=True, privacy="quasi"),
        Column("in_city", "flag", "是否在深注册", "Registered in Shenzhen"),
        Column("hard_tech", "flag", "是否硬科技", "Its product is hard technology"),
        Column(
            "cluster_id",
            "key",
            "产业集群编号",
            "Cluster, list of 2024",
            nullable=True,
            references="cluster.cluster_id",
        ),
        Column(
            "cluster_2022_id",
            "key",
            "产业集群编号(2022年版)",
            "Cluster, list of 2022",
            nullable=True,
            references="cluster.cluster_id",
        ),
        Column(
            "group_id",
            "key",
            "集团母公司编号",
            "Head of the group that it belongs to; a head names itself",
            nullable=True,
            references="enterprise.enterprise_id",
        ),
        Column("ownership", "code", "经济成分", "Ownership", standard="KHJJCF", values=code_list("ownership")),
        Column(
            "registered_capital",
            "money",
            "注册资本",
            "Registered capital",
            unit="CNY",
            standard="ZCZB",
            low=0,
            privacy="quasi",
        ),
        Column("legal_representative", "text", "法定代表人", "Legal representative (fictional)", privacy="identifier"),
        Column("phone", "text", "联系电话", "Phone, in a range that cannot be reached", privacy="identifier"),
        Column("email", "text", "电子邮箱", "E-mail, in a reserved domain", privacy="identifier"),
        Column(
            "founded_on",
            "date",
            "成立日期",
            "Founded on",
            standard="CLRQ",
            low_on="1979-01-01",
            high_on="2027-12-31",
            privacy="quasi",
        ),
        Column(
            "dissolved_on",
            "date",
            "注销日期",
            "Dissolved on",
            nullable=True,
            known_on="dissolved_on",
            high_on="2027-12-31",
        ),
        Column(
            "first_credit_on",
            "date",
            "首次建立信贷关系日期",
            "First credit relation anywhere",
            standard="SCJLXDGXRQ",
            nullable=True,
            known_on="first_credit_on",
            high_on="2027-12-31",
        ),
        Column(
            "listed_on",
            "date",
            "上市日期",
            "First listed on a board",
            nullable=True,
            known_on="listed_on",
            high_on="2027-12-31",
        ),
        Column(
            "first_ip_on",
            "date",
            "首件知识产权日期",
            "First IP right of any kind (patent, trade mark, copyright)",
            nullable=True,
            known_on="first_ip_on",
            high_on="2027-12-31",
        ),
    ),
)


NO_DAY = 1 << 30
END = 2028 * 12
# Cities around Shenzhen with GB/T 2260 codes: where borrowers of city banks live that are not registered in the city.
NEIGHBOURS = (
    ("东莞市", "441900"),
    ("惠州市", "441300"),
    ("广州市", "440100"),
    ("佛山市", "440600"),
    ("珠海市", "440400"),
    ("中山市", "442000"),
)


def rows(block, needs, params, draw):
    """One row a firm of the block that is founded within the horizon."""
    state, history = needs["firm_state"], needs["credit_history"]
    firm, kind, trade = state["firm"], state["kind"], state["industry"]
    count = len(firm)
    inside = state["district"] >= 0
    district = np.maximum(state["district"], 0)
    neighbour = draw.below("neighbour", firm, len(NEIGHBOURS))
    head, group_head = _heads(firm, state["parent"], draw)
    sister = draw.chance("group_name", firm, params["group.shared_name"]) & (state["parent"] > 0)
    head = np.where(sister, group_head, head)
    area = np.array([int(code) for code in vocabulary("district", "area_code")] + [int(code) for _, code in NEIGHBOURS])
    place = np.where(inside, district, len(vocabulary("district", "area_code")) + neighbour)
    street, postcode = _streets(district, firm, draw)
    exit_month = np.minimum(needs["firm_month"]["exit_month"], END)
    dissolved_on = day_in_month(exit_month, draw.uniform("dissolved_day", firm))
    codes = uscc("9", "1", UNASSIGNED + draw.below("area", firm, 10), draw.below("organisation", firm, 31**8), base=31)
    capital = np.maximum(draw.quantile("capital", firm, quantiles("lognormal_1.1")) * CAPITAL[state["size"]] * 1e6, 1e4)
    first = history["first_credit_on"]
    profile = needs["firm_profile"]
    listed_on = _listed_on(block, needs["listing"])
    ip_from = needs["firm_innovation"]["ip_from"]
    has_ip = ip_from < exit_month
    renamed = draw.chance("renamed", firm, params["version.renamed"])
    who = np.append(0, np.flatnonzero(renamed))  # the first stands for all that keep their name
    first_ip_on = day_in_month(np.where(has_ip, ip_from, END), draw.uniform("first_ip_day", firm))
    return {
        "enterprise_id": firm,
        "uscc": ascii_texts(codes),
        "name_zh": _names(kind, trade, inside, neighbour, firm, head, draw, sister),
        "_group_head": group_head,
        "_former": np.where(renamed, np.cumsum(renamed), 0),  # position of the former name, 0 for none
        "_former_name": _names(
            kind[who], trade[who], inside[who], neighbour[who], firm[who], _other_head(head, firm, draw)[who], draw
        ),
        "industry_code": trade,
        "district_id": nullable(district + 1, inside),
        "area_code": ascii_texts(fixed_width(area[place], 6)),
        "address": compose(
            (("深圳市", *(city for city, _ in NEIGHBOURS)), np.where(inside, 0, neighbour + 1)),
            (
                (*vocabulary("district", "name_zh"), ""),
                np.where(inside, district, len(vocabulary("district", "name_zh"))),
            ),
            (
                (*vocabulary("street", "street_zh"), ""),
                np.where(inside, street, len(vocabulary("street", "street_zh"))),
            ),
            (vocabulary("road", "road_zh"), draw.below("road", firm, len(vocabulary("road", "road_zh")))),
            (HOUSES, draw.below("house", firm, 399)),
        ),
        "postcode": nullable(compose((vocabulary("street", "postcode"), postcode)), inside),
        "in_city": inside,
        "hard_tech": profile["hard_tech"],
        "cluster_id": nullable(profile["cluster_2024"], profile["cluster_2024"] > 0),
        "cluster_2022_id": nullable(profile["cluster_2022"], profile["cluster_2022"] > 0),
        "group_id": nullable(state["parent"], state["parent"] > 0),
        "ownership": draw.choice("ownership", firm, Choice.of(OWNERSHIP)),
        "registered_capital": round_significant(
            (capital * 100).astype(np.int64), 1, draw.uniform("capital_round", firm)
        ),
        "legal_representative": _people(firm, draw),
        "phone": ascii_texts(fixed_width(draw.below("phone", firm, 10**7), 8, prefix="0755-")),
        "email": compose(
            (["office@f"], np.zeros(count, np.int64)),
            (DIGITS, firm // 1000 % 1000),
            (DIGITS, firm % 1000),
            ([".example"], np.zeros(count, np.int64)),
        ),
        "founded_on": state["founded_on"],
        "dissolved_on": nullable(dissolved_on, exit_month < END),
        "first_credit_on": nullable(np.where(first < NO_DAY, first, 0), first < NO_DAY),
        "listed_on": nullable(np.where(listed_on < NO_DAY, listed_on, 0), listed_on < NO_DAY),
        "first_ip_on": nullable(np.maximum(first_ip_on, state["founded_on"]), has_ip),
    }


UNASSIGNED = 440390  # to 440399: area codes that GB/T 2260 has not assigned, so no issued code can be hit
CAPITAL = np.array([200.0, 40.0, 8.0, 2.0])  # prior: mean registered capital by size, CNY million
OWNERSHIP = (0.03, 0.02, 0.01, 0.78, 0.08, 0.05, 0.03)  # prior, in the order of the code list
HOUSES = tuple(f"{n}号" for n in range(1, 400))
DIGITS = tuple(f"{n:03d}" for n in range(1000))


LISTED = [code.code for code in code_list("listing_step")].index("listed")


def _listed_on(block, listing):
    """Day on which each firm of the block was first listed, NO_DAY if never."""
    days = np.full(block.count, NO_DAY)
    steps = np.flatnonzero(listing["step"] == LISTED)
    np.minimum.at(days, listing["enterprise_id"][steps] - block.first, listing["step_on"][steps].astype(np.int64))
    return days


def _streets(district, firm, draw):
    """Positions of a sub-district of the district, and of its postcode (the same row of the vocabulary)."""
    of = vocabulary_numbers("street", "district_id").astype(np.int64) - 1
    first, count = np.searchsorted(of, np.arange(of.max() + 1)), np.bincount(of)
    street = first[district] + draw.below("street", firm, count[district])
    return street, street


def _heads(firm, parent, draw):
    """Position of the invented word in each firm's name, and of that in the name of its group's head."""
    heads = len(vocabulary("name_head", "head"))
    return draw.below("head", firm, heads), draw.below("head", np.where(parent > 0, parent, firm), heads)


def _other_head(head, firm, draw):
    """Position of the head that a name had before the firm changed it."""
    heads = len(vocabulary("name_head", "head"))
    return (head + 1 + draw.below("former_head", firm, heads - 1)) % heads


def _names(kind, trade, inside, neighbour, firm, head, draw, sister=None):
    """City, invented head, word of the trade, legal form; a second such word tells sisters of one head apart."""
    first, size = (column.take(trade) for column in _words_of_trades())
    word, words = draw.below("word", firm, size), vocabulary("business_word", "word")
    more = ()
    if sister is not None and sister.any():
        other = (word + 1 + draw.below("second_word", firm, np.maximum(size - 1, 1))) % size
        more = (((*words, ""), np.where(sister & (size > 1), first + other, len(words))),)
    return compose(
        (("深圳市", *(city for city, _ in NEIGHBOURS)), np.where(inside, 0, neighbour + 1)),
        (vocabulary("name_head", "head"), head),
        (words, first + word),
        *more,
        (vocabulary("legal_form", "suffix"), _forms().at((kind == 3).astype(np.int64), draw.uniform("form", firm))),
    )


@cache
def _words_of_trades():
    """(first word, number of words) of each industry's division; of the first division where it has none."""
    of = vocabulary("business_word", "division")
    divisions = sorted(set(of))
    mine = [division if division in divisions else divisions[0] for division in vocabulary("industry", "division")]
    return np.array([of.index(division) for division in mine]), np.array([of.count(division) for division in mine])


@cache
def _forms():
    """Legal forms of firms of tech trades and of others."""
    forms, only = vocabulary("legal_form", "suffix"), vocabulary("legal_form", "only")
    local = np.array(["深圳" not in form for form in forms])
    weight = vocabulary_numbers("legal_form", "weight")
    return ChoiceByRow.of(np.stack([weight * local, weight * local * (np.array(only) != "tech")]))


def _people(firm, draw):
    """A fictional person: surname and one or two given characters."""
    surname = draw.choice("surname", firm, Choice.of(vocabulary_numbers("surname", "weight")))
    given = Choice.of(vocabulary_numbers("given_char", "weight"))
    chars = (*vocabulary("given_char", "char"), "")
    second = np.where(draw.chance("one_char", firm, 0.18), len(chars) - 1, draw.choice("given_2", firm, given))
    return compose(
        (vocabulary("surname", "surname"), surname), (chars, draw.choice("given_1", firm, given)), (chars, second)
    )
