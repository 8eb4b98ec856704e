"""Policies of tech firms: who insures what, for how much, at which rate, and who pays the premium.

An insured firm renews its lines year by year; loan guarantee policies hang on loan notes.
"""

from functools import cache

import numpy as np

from sfbench.kit import (
    Column,
    Table,
    add_months,
    calibration,
    calibration_numbers,
    code_list,
    month_of,
    month_start,
    nullable,
    positions,
    quantiles,
    round_significant,
    vocabulary,
)

TABLE = Table(
    zh="科技保险保单",
    en="Insurance policies",
    key=("policy_id",),
    needs=("firm_state", "firm_month", "tag_month", "note", "insurance_product"),
    grows="enterprise",
    per_firm=0.262,
    row_bytes=21.3,
    measures=(15,),
    event_on="written_on",
    known_on="written_on",
    rows_by="2022-09-30",
    columns=(
        Column("policy_id", "key", "保单编号", "Policy"),
        Column("enterprise_id", "key", "企业编号", "Insured firm", references="enterprise.enterprise_id"),
        Column(
            "insurance_product_id",
            "key",
            "保险产品编号",
            "Insurance product",
            references="insurance_product.insurance_product_id",
        ),
        Column("institution_id", "key", "机构编号", "Lead insurer", references="institution.institution_id"),
        Column("line", "code", "险种", "Line", values=code_list("insurance_line")),
        Column("scope", "code", "统计口径", "Scope of statistics", values=code_list("insurance_scope")),
        Column("stage", "code", "创新环节", "Stage of innovation", values=code_list("innovation_stage")),
        Column("scene", "code", "应用场景", "Scene", values=code_list("insurance_scene")),
        Column(
            "loan_id",
            "key",
            "借据编号",
            "Loan note that it secures; only loan guarantee insurance",
            nullable=True,
            references="loan.loan_id",
        ),
        Column("written_on", "date", "承保日期", "Written on", low_on="2016-01-01", high_on="2027-12-31"),
        Column("starts_on", "date", "保险起期", "Cover begins"),
        Column("ends_on", "date", "保险止期", "Cover ends (last day)", low_on="2022-01-01"),
        Column("term_months", "count", "保险期间", "Term", unit="month", low=1, high=360),
        Column("sum_insured", "money", "保险金额", "Sum insured", unit="CNY", low=0.01, privacy="sensitive"),
        Column("rate", "rate", "保险费率", "Rate for the whole term", unit="%", low=0, high=40),
        Column("premium", "money", "保险费", "Premium", unit="CNY", low=0.01, privacy="sensitive"),
        Column("payer", "code", "缴费主体", "Who pays the premium", values=code_list("premium_payer")),
        Column("coinsured", "flag", "是否共保", "Shared by several insurers"),
        Column(
            "support_year",
            "count",
            "补贴年度序号",
            "Year of the first-of-kind support, the first is 1",
            nullable=True,
            low=1,
            high=3,
        ),
    ),
)

LINES = tuple(code.code for code in code_list("insurance_line"))
LOAN_GUARANTEE, EMPLOYER, IP_ENFORCEMENT = (
    LINES.index(line) for line in ("loan_guarantee", "employer_liability", "ip_enforcement")
)
SIZES = ("large", "medium", "small", "micro")
FIRST_YEAR, YEARS = 2021, 7  # policies of 2021 are in force when the window opens
FIRST_DAY = int(month_start(2022 * 12))
LAST_DAY = int(month_start(2028 * 12)) - 1
FIRST_MONTH, FIRST_STATE_YEAR = 2016 * 12, 2015
SUPPORT_YEARS = 3
IN_SCOPE = 1
TECH = 0


def rows(block, needs, params, draw):
    """One row a policy in force in the window, in the order of firms."""
    state, paths, held = needs["firm_state"], needs["firm_month"], needs["tag_month"]["held"]
    yearly = _yearly(block, state, paths, held, params, draw)
    loans = _of_loans(state, needs["note"], params, draw)
    policy = {name: np.concatenate((yearly[name], loans[name])) for name in yearly}
    order = np.argsort(policy["number"])
    policy = {name: column[order] for name, column in policy.items()}
    number, line = policy["number"], policy["line"]
    product = _product(policy)
    terms = _lines()
    on_own = policy["payer_u"] >= terms["government"][line] * params["insurance.government"]
    return {
        "policy_id": number,
        "enterprise_id": block.first + policy["row"],
        "insurance_product_id": product + 1,
        "institution_id": needs["insurance_product"]["institution_id"][product],
        "line": line,
        "scope": terms["scope"][line],
        "stage": terms["stage"][line],
        "scene": _scenes()[line, state["industry"][policy["row"]]],
        "loan_id": nullable(policy["loan"], policy["loan"] > 0),
        "written_on": policy["written_on"],
        "starts_on": policy["starts_on"],
        "ends_on": policy["ends_on"],
        "term_months": policy["term"],
        "sum_insured": policy["sum"],
        "rate": policy["rate"],
        "premium": (policy["sum"] * policy["rate"] + 5_000_000) // 10_000_000,
        "payer": np.where(on_own, 0, 1),
        "coinsured": draw.chance("coinsured", number, terms["coinsured"][line]),
        "support_year": nullable(policy["support_year"], policy["support_year"] > 0),
        "_row": policy["row"],
        "_note": policy["note"],
    }


@cache
def _lines():
    """The lines' terms as arrays by position of the line."""

    def code(name, which):
        return positions(calibration("insurance_line", name), code_list(which))

    names = "cover_mean revenue_weight revenue_ref cover_low cover_high rate rate_low rate_high coinsured government"
    program = code("program", "subsidy_program")
    return {name: calibration_numbers("insurance_line", name) for name in names.split()} | {
        "scope": code("scope", "insurance_scope").values,
        "stage": code("stage", "innovation_stage").values,
        "first_of_kind": program.valid & (program.values == 1),
        "research": code("stage", "innovation_stage").values < 2,
        "wanted": np.stack([calibration_numbers("insurance_line", size) for size in SIZES], axis=1),
        "launched": np.array([launched[0] for launched, _ in _products()]),
    }


@cache
def _products():
    """For each line the days on which its products were launched, rising, and their positions."""
    line = np.array([LINES.index(name) for name in vocabulary("insurance_product", "line")])
    launched = np.array(vocabulary("insurance_product", "launched_on"), "datetime64[D]").astype(np.int64)
    by_day = np.argsort(launched, kind="stable")
    return [(launched[places], places) for places in (by_day[line[by_day] == number] for number in range(len(LINES)))]


@cache
def _trades():
    """(lines, industries) bool: firms of which industries buy the line."""
    industries = vocabulary("industry", "industry_code")
    return np.array(
        [[_begins(code, trades) for code in industries] for trades in calibration("insurance_line", "trades")]
    )


def _begins(code, beginnings):
    return code.startswith(tuple(beginnings.split("|")))


@cache
def _scenes():
    """(lines, industries) position of the scene: the line's own, else that of the insured's trade."""
    scenes = [code.code for code in code_list("insurance_scene")]
    industries = vocabulary("industry", "industry_code")
    by_trade = np.full(len(industries), scenes.index("other"))
    for scene, trades in zip(
        vocabulary("insurance_scene", "scene"), vocabulary("insurance_scene", "trades"), strict=True
    ):
        by_trade[[_begins(code, trades) for code in industries]] = scenes.index(scene)
    own = positions(calibration("insurance_line", "scene"), code_list("insurance_scene"))
    return np.where(own.valid[:, None], own.values[:, None], by_trade[None, :])


def _yearly(block, state, paths, held, params, draw):
    """Policies of one year, renewed: rows, lines and years of the insured firms."""
    years = np.arange(FIRST_YEAR, FIRST_YEAR + YEARS)
    rows = np.flatnonzero(state["kind"] == TECH)
    size = paths["size"][rows][:, years - FIRST_STATE_YEAR].astype(np.int64)
    gate = np.array([params[f"insurance.insured_{name}"] for name in SIZES])
    path = calibration_numbers("insurance_path", "take_up")
    keen = draw.uniform("insured", state["firm"][rows])
    if block.index == 0:  # the first firm with a tag through 2024 insures, and pays for its patents itself: no scale is
        # without a policy and a subsidy
        keen[_first_tagged(rows, held)] = -1.0
    insured = keen[:, None] < gate[size] * path
    some = np.flatnonzero(insured.any(axis=1))
    rows, size, insured, keen = rows[some], size[some], insured[some], keen[some]
    firm = state["firm"][rows]
    wants = _wants(firm, rows, size, keen, insured, state, paths, params, draw)
    i, line, at = np.nonzero(wants)
    firm, row, year = firm[i], rows[i], years[at]
    starts_on = month_start(year * 12 + draw.below("month", firm, 12, line)) + draw.below("day", firm, 28, line)
    month = month_of(starts_on).astype(np.int64)
    alive = (month > state["founded_month"][row]) & (month < paths["exit_month"][row])
    tagged = held[row, month - FIRST_MONTH] & held[row, month - FIRST_MONTH - 1] & IN_SCOPE
    untagged = draw.uniform("untagged", firm) >= params["insurance.needs_tag"]
    ends_on = add_months(starts_on, 12) - 1
    number = ((firm << 15) | (line << 5) | at) << 1
    written_on = starts_on - draw.between("written", number, 0, 20)
    fits = alive & ((tagged > 0) | untagged) & (written_on >= _lines()["launched"][line]) & (ends_on >= FIRST_DAY)
    fits = np.flatnonzero(fits)
    number, firm, row, line, year = (x[fits] for x in (number, firm, row, line, year))
    written_on, starts_on, ends_on = (x[fits] for x in (written_on, starts_on, ends_on))
    revenue = paths["revenue"][row, year - FIRST_STATE_YEAR]
    begun = _support_begins(firm, line, draw)
    return {
        "number": number,
        "row": row,
        "line": line,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "term": np.full(len(fits), 12),
        "written_on": written_on,
        "sum": _sum_insured(number, line, revenue, params, draw),
        "rate": _rate(number, line, draw),
        "payer_u": np.where((keen[i] < 0)[fits] & (line == IP_ENFORCEMENT), 1.0, draw.uniform("payer", firm, line)),
        "product_u": draw.uniform("product", firm, line),
        "support_year": np.where(_lines()["first_of_kind"][line], year - begun + 1, 0),
        "loan": np.zeros(len(fits), np.int64),
        "note": np.full(len(fits), -1),
    }


def _first_tagged(rows, held):
    months = np.arange(2023 * 12 + 11, 2025 * 12) - FIRST_MONTH
    return int(np.argmax((held[rows[:, None], months[None, :]] & IN_SCOPE).all(axis=1)))


def _wants(firm, rows, size, keen, insured, state, paths, params, draw):
    """(firms, lines, years) bool: the lines that an insured firm takes; who takes none takes employer's liability."""
    terms, lines = _lines(), np.arange(len(LINES))
    years = np.arange(FIRST_YEAR, FIRST_YEAR + YEARS)
    research = paths["rd_ratio"][rows][:, years - FIRST_STATE_YEAR] / params["firm.rd_ratio"]
    lift = 1.0 + params["insurance.rd_lift"] * (np.minimum(research, 2.0) - 1.0)
    p = terms["wanted"][:, size].transpose(1, 0, 2) * _trades()[:, state["industry"][rows]].T[:, :, None]
    p = p * np.where(terms["research"][None, :, None], lift[:, None, :], 1.0)
    u = draw.uniform("line", firm[:, None], lines[None, :])
    u[keen < 0, IP_ENFORCEMENT] = -1.0
    renews = draw.uniform("renews", firm[:, None, None], (lines[:, None] << 5) + years) < params["insurance.renewal"]
    renews[keen < 0, IP_ENFORCEMENT] = True
    wants = (u[:, :, None] * params["insurance.renewal"] < p) & renews
    since = years[None, None, :] - _support_begins(firm[:, None], lines[None, :], draw)[:, :, None]
    wants &= ~terms["first_of_kind"][None, :, None] | (since >= 0) & (since < SUPPORT_YEARS)
    wants[:, EMPLOYER] |= ~wants.any(axis=1)
    return wants & insured[:, None, :]


def _support_begins(firm, line, draw):
    """Year in which the firm's product is first of its kind: such policies run for three years."""
    return FIRST_YEAR - SUPPORT_YEARS + 1 + draw.below("support", firm, YEARS + SUPPORT_YEARS - 1, line)


def _sum_insured(number, line, revenue, params, draw):
    """Cents: the line's mean, in part in step with the firm's revenue, within the line's limits, a round number."""
    terms = _lines()
    weight = terms["revenue_weight"][line] * params["insurance.size_cover"]
    cover = terms["cover_mean"][line] * (1.0 - weight + weight * revenue / terms["revenue_ref"][line])
    cover = cover * draw.quantile("cover", number, quantiles("lognormal_0.5"))
    cover = np.clip(cover, terms["cover_low"][line], terms["cover_high"][line]) * 100
    return round_significant(cover.astype(np.int64), 2, draw.uniform("cover_round", number))


def _rate(number, line, draw):
    """1e-5 percent a year, in steps of 1e-4 percent, within the line's bounds."""
    terms = _lines()
    rate = terms["rate"][line] * draw.quantile("rate", number, quantiles("lognormal_0.3"))
    rate = np.clip(rate, terms["rate_low"][line], terms["rate_high"][line])
    return np.floor(rate * 1e4 + 0.5).astype(np.int64) * 10


def _of_loans(state, note, params, draw):
    """Loan guarantee policies: small tech borrowers' notes, for the note's term."""
    limit = int(params["insurance.guarantee_limit"] * 100)
    small = note["tagged"] & (note["size"] >= 2) & (note["amount"] <= limit) & (note["granted_on"] <= LAST_DAY)
    on_sale = note["granted_on"] >= _lines()["launched"][LOAN_GUARANTEE]  # an old note may be older than the line
    small = np.flatnonzero(small & on_sale & (note["due_on"] - 1 >= FIRST_DAY))
    small = small[state["kind"][note["row"][small]] == TECH]
    small = small[draw.chance("guaranteed", note["attempt"][small], params["insurance.loan_guarantee"])]
    attempt, row = note["attempt"][small], note["row"][small]
    number, line = (attempt << 1) | 1, np.full(len(small), LOAN_GUARANTEE)
    starts_on, tenor = note["granted_on"][small], note["tenor"][small]
    return {
        "number": number,
        "row": row,
        "line": line,
        "starts_on": starts_on,
        "ends_on": note["due_on"][small] - 1,
        "term": tenor,
        "written_on": starts_on,
        "sum": note["amount"][small] * round(params["insurance.guarantee_share"]) // 100,
        "rate": _rate(number, line, draw) * tenor // 12,
        "payer_u": np.ones(len(small)),
        "product_u": draw.uniform("product", state["firm"][row], LOAN_GUARANTEE),
        "support_year": np.zeros(len(small), np.int64),
        "loan": attempt,
        "note": small,
    }


def _product(policy):
    """Position of the product: one of the line's that were on sale when the policy was written."""
    product = np.zeros(len(policy["line"]), np.int64)
    for line, (launched, places) in enumerate(_products()):
        mine = np.flatnonzero(policy["line"] == line)
        on_sale = np.searchsorted(launched, policy["written_on"][mine], "right")
        product[mine] = places[(policy["product_u"][mine] * on_sale).astype(np.int64)]
    return product
