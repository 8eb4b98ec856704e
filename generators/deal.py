"""Investments of funds in firms of the city and elsewhere, with the round, the price and the investee as it was."""

import numpy as np

from sfbench.kit import (
    Column,
    Table,
    calibration_numbers,
    code_list,
    day_number,
    month_of,
    nullable,
    quantiles,
    vocabulary,
)

TABLE = Table(
    zh="股权投资",
    en="Investments of funds",
    key=("deal_id",),
    needs=("firm_state", "firm_month", "firm_profile", "firm_accounts", "tag_month", "fund_state", "equity_round"),
    grows="fund",
    per_firm=0.047,
    row_bytes=84,
    measures=(0, 3, 4, 8, 10),
    event_on="closed_on",
    known_on="known_on",
    rows_by="2021-12-31",
    columns=(
        Column("deal_id", "key", "投资编号", "Deal"),
        Column("fund_id", "key", "基金编号", "Fund", references="fund.fund_id"),
        Column("round_id", "key", "融资轮次编号", "Round: deals of one round share it"),
        Column("investee_id", "key", "被投企业编号", "Investee; of a firm of the data its number"),
        Column(
            "enterprise_id",
            "key",
            "企业编号",
            "Enterprise; empty for investees that are not in the data",
            nullable=True,
            references="enterprise.enterprise_id",
        ),
        Column("in_city", "flag", "是否在深企业", "Investee registered in Shenzhen"),
        Column("closed_on", "date", "交割日期", "Closed on", low_on="2016-01-01", high_on="2027-12-31"),
        Column("known_on", "date", "报送日期", "Reported on", low_on="2016-01-01", high_on="2027-12-31"),
        Column("stage", "code", "轮次", "Stage of the round", values=code_list("equity_stage")),
        Column("instrument", "code", "投资工具", "Instrument", values=code_list("instrument")),
        Column("amount", "money", "投资金额", "Money paid", unit="CNY", low=0, privacy="sensitive"),
        Column(
            "exposure",
            "money",
            "担保金额",
            "Guaranteed amount, no money paid",
            unit="CNY",
            nullable=True,
            low=0,
            privacy="sensitive",
        ),
        Column("secondary", "flag", "是否受让老股", "Buys old shares, brings the firm no money"),
        Column("lead", "flag", "是否领投", "Leads the round"),
        Column("stake", "rate", "持股比例", "Stake bought, of the firm after the round", unit="%", low=0, high=100),
        Column("board_right", "flag", "是否有董事席位", "Has a seat on the board"),
        Column(
            "round_amount",
            "money",
            "本轮新增资金",
            "All new money of the round",
            unit="CNY",
            low=0,
            privacy="sensitive",
        ),
        Column(
            "pre_money",
            "money",
            "投前估值",
            "Value of the firm before the new money",
            unit="CNY",
            low=0,
            privacy="sensitive",
        ),
        Column(
            "post_money",
            "money",
            "投后估值",
            "Value of the firm after the new money",
            unit="CNY",
            low=0,
            privacy="sensitive",
        ),
        Column("introduced", "flag", "是否经对接活动撮合", "Introduced at a matching event"),
        Column("investee_age", "count", "被投企业成立月数", "Investee's age", unit="month", low=0, high=900),
        Column(
            "investee_staff", "count", "被投企业人数", "Investee's staff in the last closed year", unit="person", low=1
        ),
        Column(
            "investee_revenue",
            "money",
            "被投企业营业收入",
            "Investee's revenue of the last closed year",
            unit="CNY",
            low=0,
        ),
        Column(
            "investee_assets",
            "money",
            "被投企业总资产",
            "Investee's assets at the end of the last closed year",
            unit="CNY",
            low=0,
        ),
        Column("investee_tech", "flag", "被投企业是否科技型", "Investee is a tech enterprise"),
        Column("investee_hnte", "flag", "被投企业是否高新技术企业", "Investee is a high-tech enterprise"),
        Column("hard_tech", "flag", "是否硬科技", "Investee in hard technology"),
        Column(
            "cluster_id",
            "key",
            "集群编号",
            "Investee's cluster in the list of the day; empty if none",
            nullable=True,
            references="cluster.cluster_id",
        ),
    ),
)

OUT_OF_CITY = 1 << 50
LAST_DAY = day_number("2027-12-31")
SECOND_LIST = day_number("2024-03-01")
EVENTS_FROM = day_number("2023-01-01")
FIRST_MONTH, FIRST_YEAR, FIRST_BOOKS = 2016 * 12, 2015, 2021
FIRST_TAG_BIT = 2
HNTE = [code.code for code in code_list("tag")].index("HNTE")
GUARANTEE = [code.code for code in code_list("instrument")].index("guarantee")
TECH_ELSEWHERE, IN_CLUSTER = 0.8, 0.7  # prior: investees out of the city that are tech firms, and of a cluster
TENTH = 10**6  # 10 % in the unit of a rate


def rows(block, needs, params, draw):
    """One row a cheque. Handed on: `_row` (of the firm, -1 if none), `_month`, `_fund` (row of fund_state)."""
    found = {name[5:]: column for name, column in needs["equity_round"].items() if name.startswith("deal_")}
    number, day, inside = found["id"], found["day"], found["id"] < OUT_OF_CITY
    row = np.where(inside, found["investee"] - block.first, -1)
    month = month_of(day).astype(np.int64)
    fact = _elsewhere(found, day, params, draw)
    city = np.flatnonzero(inside)
    for name, values in _here(row[city], month[city], day[city], needs).items():
        fact[name][city] = values
    guarantee = found["instrument"] == GUARANTEE
    seat = (found["stake"] >= TENTH) | draw.chance("board", number, params["equity.board_right"])
    met = (day >= EVENTS_FROM) & draw.chance("introduced", number, params.at("equity.introduced", number, month))
    return {
        "deal_id": number,
        "fund_id": needs["fund_state"]["fund_id"][_fund(needs, found)],
        "round_id": np.where(inside, number // 4, number),
        "investee_id": found["investee"],
        "enterprise_id": nullable(np.where(inside, found["investee"], 0), inside),
        "in_city": inside & (needs["firm_state"]["district"][np.maximum(row, 0)] >= 0),
        "closed_on": day,
        "known_on": np.minimum(day + draw.between("report", number, 0, 30), LAST_DAY),
        "stage": found["stage"],
        "instrument": found["instrument"],
        "amount": found["amount"],
        "exposure": nullable(np.where(guarantee, found["asked"], 0), guarantee),
        "secondary": found["secondary"],
        "lead": found["lead"],
        "stake": found["stake"],
        "board_right": seat & (found["stake"] > 0),
        **{name: found[name] for name in ("round_amount", "pre_money", "post_money")},
        "introduced": met,
        "investee_age": fact["age"],
        "investee_staff": fact["staff"],
        "investee_revenue": fact["revenue"],
        "investee_assets": fact["assets"],
        "investee_tech": fact["tech"],
        "investee_hnte": fact["hnte"],
        "hard_tech": fact["hard"],
        "cluster_id": nullable(fact["cluster"], fact["cluster"] > 0),
        "_row": row,
        "_month": month,
        "_fund": _fund(needs, found),
    }


def _fund(needs, found):
    """Rows of fund_state: equity_round counts the funds that invest in firms only."""
    market = np.flatnonzero(needs["fund_state"]["fund_id"] >= 1000)
    return market[found["fund"]]


def _here(row, month, day, needs):
    """The facts of a firm of the data at the deal: the last closed year, the tags of the month."""
    state, life, books = needs["firm_state"], needs["firm_month"], needs["firm_accounts"]
    year = np.clip(month // 12 - 1 - FIRST_YEAR, 0, None)
    revenue = life["revenue"][row, year]
    place = np.searchsorted(books["row"], row)
    booked = np.clip(month // 12 - 1 - FIRST_BOOKS, 0, books["assets"].shape[1] - 1)
    # Before the first books, assets move with revenue.
    base = life["revenue"][row, booked + FIRST_BOOKS - FIRST_YEAR]
    assets = books["assets"][place, booked] * np.where(base > 0, revenue / np.maximum(base, 1.0), 1.0)
    held = needs["tag_month"]["held"][row, month - FIRST_MONTH].astype(np.int64)
    profile = needs["firm_profile"]
    return {
        "age": month - state["founded_month"][row],
        "staff": np.maximum(life["staff"][row, year], 1),
        "revenue": np.floor(revenue * 100).astype(np.int64),
        "assets": np.floor(assets).astype(np.int64),
        "tech": (held & 1) > 0,
        "hnte": (held >> (FIRST_TAG_BIT + HNTE) & 1) > 0,
        "hard": profile["hard_tech"][row],
        "cluster": np.where(day < SECOND_LIST, profile["cluster_2022"][row], profile["cluster_2024"][row]),
    }


def _elsewhere(found, day, params, draw):
    """The facts of an investee that is not in the data, by the stage of the round."""
    number, stage, firm = found["id"], found["stage"], found["investee"]
    usual = {
        name: calibration_numbers("equity_stage", name)[stage]
        for name in ("age_low", "age_high", "staff", "revenue", "hnte")
    }
    spread = draw.quantile("staff", number, quantiles("lognormal_0.8"))
    revenue = usual["revenue"] * 1e8 * draw.quantile("revenue", number, quantiles("lognormal_1.1"))
    first = vocabulary("cluster", "version").count("v1")
    second = len(vocabulary("cluster", "version")) - first
    u = draw.uniform("cluster", firm)
    cluster = np.where(day < SECOND_LIST, 1 + (u * first).astype(np.int64), 1 + first + (u * second).astype(np.int64))
    hnte = draw.uniform("hnte", firm) < usual["hnte"]
    return {
        "age": (usual["age_low"] + (usual["age_high"] - usual["age_low"]) * draw.uniform("age", number)).astype(
            np.int64
        ),
        "staff": np.maximum((usual["staff"] * spread).astype(np.int64), 1),
        "revenue": revenue.astype(np.int64),
        "assets": (revenue * (0.8 + draw.uniform("assets", number)) + found["round_amount"] * 0.4).astype(np.int64),
        "tech": hnte | draw.chance("tech", firm, TECH_ELSEWHERE),
        "hnte": hnte,
        "hard": draw.chance("hard_tech", firm, params["equity.hard_tech"]),
        "cluster": np.where(draw.chance("has_cluster", firm, IN_CLUSTER), cluster, 0),
    }
