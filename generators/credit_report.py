"""Queries of the city's credit platforms for firms: sources used, score, and what came of it.

Every request for credit that came through the platform has the query that went before it. Beside these, the platforms
profile firms in batches, and banks look at borrowers after the loan. The score sees quality and distress, not default.
"""

import numpy as np

from sfbench.kit import (
    Choice,
    Column,
    Table,
    code_list,
    day_in_month,
    month_end,
    month_of,
    month_start,
    nullable,
    quantiles,
    vocabulary,
    vocabulary_numbers,
)

TABLE = Table(
    zh="征信查询",
    en="Queries of the credit platforms",
    key=("query_id",),
    needs=("firm_state", "firm_month", "firm_innovation", "credit_application"),
    grows="enterprise",
    per_firm=1.67,
    row_bytes=9.5,
    measures=(11, 13),
    event_on="queried_on",
    known_on="queried_on",
    rows_by="2022-03-31",
    columns=(
        Column("query_id", "key", "查询编号", "Query"),
        Column("enterprise_id", "key", "企业编号", "Enterprise", references="enterprise.enterprise_id"),
        Column("platform_id", "key", "征信平台编号", "Credit platform", references="institution.institution_id"),
        Column(
            "institution_id",
            "key",
            "查询机构编号",
            "Bank that asks",
            references="institution.institution_id",
        ),
        Column("queried_on", "date", "查询日期", "Queried on", low_on="2022-01-01", high_on="2027-12-31"),
        Column("purpose", "code", "查询目的", "Purpose", values=code_list("query_purpose")),
        Column("uses_tax", "flag", "使用税务数据", "Uses tax data"),
        Column("uses_social_insurance", "flag", "使用社保数据", "Uses social-insurance data"),
        Column("uses_funds_flow", "flag", "使用资金流信息", "Uses the funds-flow platform"),
        Column("uses_ip", "flag", "使用知识产权数据", "Uses IP data"),
        Column("uses_energy", "flag", "使用水电数据", "Uses water and power data"),
        Column("sources", "count", "数据源数", "Number of sources", low=0, high=5),
        Column("score", "count", "信用评分", "Credit score; empty for a thin file", nullable=True, low=300, high=850),
        Column(
            "outcome_on", "date", "结果日期", "Outcome on", nullable=True, known_on="outcome_on", high_on="2027-12-31"
        ),
        Column(
            "outcome",
            "code",
            "结果",
            "Outcome",
            values=code_list("query_outcome"),
            nullable=True,
            known_on="outcome_on",
        ),
        Column(
            "application_id",
            "key",
            "授信申请编号",
            "Request for credit that followed",
            nullable=True,
            references="credit_application.application_id",
            known_on="outcome_on",
        ),
    ),
)

FIRST_MONTH, WINDOW, END = 2016 * 12, 2022 * 12, 2028 * 12
FIRST_DAY, LAST_DAY = int(month_start(WINDOW)), int(month_end(END - 1))
PLATFORM = [code.code for code in code_list("channel")].index("platform")
PRE_LOAN, PORTFOLIO, POST_LOAN = range(3)
APPLIED, REPORTED, THIN = range(3)
OUT = 1
FUNDS_FLOW_FROM = 2024 * 12 + 9  # the national funds-flow platform went on trial in 2024-10 (memory)
# Chance that a source holds a firm, and what a year of age adds, by source: priors.
SOURCES = ("tax", "social_insurance", "funds_flow", "ip", "energy")
HELD = ((0.72, 0.05), (0.62, 0.05), (0.45, 0.04), (1.0, 0.0), (0.50, 0.03))
MIDDLE, PER_SOURCE = 620, 8  # prior: points
CLEAR_SOURCES, THIN_NOISE = 3, 1.4  # prior: with fewer sources the score sees less
LEAST_SOURCES = 2  # fewer give no score
APPLICATION_ORDINALS = 15  # bits of a request's number below the firm's


def rows(block, needs, params, draw):
    """One row a query, ordered by firm and number."""
    state, paths = needs["firm_state"], needs["firm_month"]
    parts = (_before_loans(block, needs["credit_application"], draw), _batches(state, paths, params, draw))
    query = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.flatnonzero((query["day"] >= FIRST_DAY) & (query["day"] >= state["founded_on"][query["row"]]))
    order = order[np.argsort(query["number"][order])]
    query = {name: column[order] for name, column in query.items()}
    number, row, day = query["number"], query["row"], query["day"]
    uses = _sources(query, state, needs["firm_innovation"]["ip_from"], draw)
    sources = sum(used.astype(np.int64) for used in uses.values())
    scored = sources >= LEAST_SOURCES
    applied, everyone = query["application"] > 0, np.ones(len(number), bool)
    platforms = vocabulary_numbers("institution", "institution_id").astype(np.int64)
    platforms = platforms[[kind == "credit_platform" for kind in vocabulary("institution", "kind")]]
    return {
        "query_id": number,
        "enterprise_id": block.first + row,
        "platform_id": platforms[draw.choice("platform", number, Choice.of(PLATFORM_SHARES))],
        "institution_id": query["bank"],
        "queried_on": day,
        "purpose": query["purpose"],
        **{f"uses_{name}": used for name, used in uses.items()},
        "sources": sources,
        "score": nullable(_score(query, state, paths, sources, params, draw), scored),
        "outcome_on": nullable(query["outcome_on"], everyone),
        "outcome": nullable(np.where(applied, APPLIED, np.where(scored, REPORTED, THIN)), everyone),
        "application_id": nullable(query["application"], applied),
    }


PLATFORM_SHARES = (0.7, 0.2, 0.1)  # prior: the city's platform first


def _before_loans(block, application, draw):
    """The query that went before each request through the platform, up to ten days earlier."""
    mine = np.flatnonzero(application["channel"] == PLATFORM)
    number = application["application_id"][mine]
    applied_on = application["applied_on"][mine]
    return {
        "number": number << 1,
        "row": application["enterprise_id"][mine] - block.first,
        "bank": application["institution_id"][mine],
        "day": applied_on - draw.between("lead", number, 0, 10),
        "outcome_on": applied_on,
        "purpose": np.full(len(mine), PRE_LOAN),
        "application": number,
    }


def _batches(state, paths, params, draw):
    """Queries without a request: a bank's batch takes in most firms of the city once, later looks follow some."""
    row = np.flatnonzero((state["kind"] != OUT) & (paths["exit_month"] > WINDOW + 1))
    row = row[draw.chance("profiled", state["firm"][row], params["platform.profiled"])]
    firm = state["firm"][row]
    old = WINDOW + draw.below("batch", firm, np.minimum(paths["exit_month"][row] - WINDOW, FIRST_WAVE))
    first = np.maximum(old, state["founded_month"][row] + 1 + draw.below("batch_lag", firm, 6))
    again = draw.chance("again", firm, params["platform.again"])
    parts = [(row, first, PORTFOLIO, 1)]
    parts.append((row[again], first[again] + 6 + draw.below("again_lag", firm[again], 40), POST_LOAN, 3))
    row, month, purpose, ordinal = (
        np.concatenate([np.broadcast_to(part[i], part[0].shape) for part in parts]) for i in range(4)
    )
    here = (month < END) & (month < paths["exit_month"][row])
    row, month, purpose, ordinal = row[here], month[here], purpose[here], ordinal[here]
    firm = state["firm"][row]
    day = day_in_month(month, draw.uniform("day", firm, ordinal)).astype(np.int64)
    return {
        # Requests have even numbers, twice their own; these take odd ones of the firm's range.
        "number": firm << (APPLICATION_ORDINALS + 1) | ordinal,
        "row": row,
        "bank": 1 + draw.choice("bank", firm, Choice.of(_small_weights()), ordinal),
        "day": day,
        "outcome_on": day,
        "purpose": purpose,
        "application": np.zeros(len(row), np.int64),
    }


FIRST_WAVE = 30  # months: by 2024-06 the platforms had served 500,000 firms (facts.csv credit_platform_firms_2024H1)


def _small_weights():
    """Banks by their share among small firms; other institutions do not ask."""
    return vocabulary_numbers("institution", "weight_small")


def _sources(query, state, ip_from, draw):
    """Which sources held the firm on the day, by name; a request's own query may draw on all of them."""
    age = np.clip((query["day"] - state["founded_on"][query["row"]]) / 365.25, 0, 8)
    month = month_of(query["day"])
    out = {}
    for name, (base, yearly) in zip(SOURCES, HELD, strict=True):
        has = draw.chance(name, query["number"], np.minimum(base + yearly * age, 0.97))
        if name == "funds_flow":
            has &= month >= FUNDS_FLOW_FROM
        elif name == "ip":
            has &= ip_from[query["row"]] <= month
        out[name] = has
    return out


def _score(query, state, paths, sources, params, draw):
    """300 to 850: quality and distress of the day, seen the clearer the more sources there are."""
    row = query["row"]
    sick = paths["distress"][row, month_of(query["day"]) - FIRST_MONTH]
    seen = params["platform.score_quality"] * state["quality"][row] - params["platform.score_distress"] * sick
    noise = params["platform.score_noise"] * draw.quantile("score", query["number"], quantiles("normal"))
    score = MIDDLE + PER_SOURCE * sources + seen + noise * np.where(sources >= CLEAR_SOURCES, 1.0, THIN_NOISE)
    return np.clip(score, 300, 850).astype(np.int64)
