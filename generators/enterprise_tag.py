"""Qualifications of firms: won by a legal test, valid for a span, known when the list is published."""

from operator import itemgetter

import numpy as np

from sfbench.kit import Column, Table, calibration_numbers, code_list, month_end, month_start

TABLE = Table(
    zh="企业资质",
    en="Qualifications of enterprises",
    key=("enterprise_id", "tag", "valid_from"),
    needs=("firm_state", "firm_month"),
    grows="enterprise",
    per_firm=0.607,
    row_bytes=6.5,
    measures=(0, 2, 8, 11),
    event_on="valid_from",
    known_on="published_on",
    rows_by="2021-12-31",
    columns=(
        Column("enterprise_id", "key", "企业编号", "Enterprise", references="enterprise.enterprise_id"),
        Column("tag", "code", "资质", "Qualification", values=code_list("tag")),
        Column("in_scope", "flag", "是否纳入科技型企业口径", "Counts for the tech-enterprise definition"),
        Column("valid_from", "date", "有效期起", "Valid from", low_on="2012-01-01", high_on="2027-12-31"),
        Column("valid_to", "date", "有效期止", "Valid to (last day)", low_on="2012-12-31", high_on="2031-12-31"),
        Column("published_on", "date", "名单公布日", "List published on", low_on="2012-01-01", high_on="2027-12-31"),
        Column("batch", "count", "认定年度", "Year of the batch", low=2012, high=2027),
    ),
)

TAGS = tuple(code.code for code in code_list("tag"))
OUT_OF_SCOPE = ("INNOVATIVE_SME", "UNICORN")
YEARS = range(2013, 2028)
FIRST_YEAR = 2015  # of the yearly arrays of firm_month; earlier years read its first column
# tag -> (years of validity, first and last month of the batch, most days between award and publication)
TERMS = {
    "HNTE": (3, 10, 12, 30),
    "TECH_SME": (1, 4, 11, 60),
    "SRDI": (3, 3, 6, 30),
    "LITTLE_GIANT": (3, 7, 9, 45),
    "CHAMPION": (3, 9, 11, 45),
    "DEMONSTRATION": (3, 11, 12, 30),
    "INNOVATIVE_SME": (3, 2, 11, 30),
    "UNICORN": (1, 3, 4, 0),
}


def rows(block, needs, params, draw):
    """One row a qualification and span, ordered by firm, tag and start."""
    state, paths = needs["firm_state"], needs["firm_month"]
    candidates = np.flatnonzero(state["kind"] <= 1)
    state = {name: state[name][candidates] for name in ("firm", "founded_month", "quality")}
    exit_month = paths["exit_month"][candidates]
    # A test looks at one year of all firms, so the firms of a year are put side by side.
    paths = {name: np.ascontiguousarray(paths[name][candidates].T) for name in ("revenue", "staff", "size", "rd_ratio")}
    held_until = {tag: np.full(len(candidates), -1, np.int64) for tag in TAGS}  # last year of validity, by firm
    # One uniform per firm and tag, against a chance that rises with the years: who applied once applies again.
    keen = {tag: draw.uniform(f"{tag}.keen", state["firm"]) for tag in TAGS}
    state["other_tests"] = draw.uniform("tech_staff_and_product", state["firm"])
    won = {tag: [] for tag in TAGS}  # firms, year, is it a renewal?
    for year in YEARS:
        at = max(year - 1 - FIRST_YEAR, 0)  # the tests look at the last closed year
        state |= {name: path[at] for name, path in paths.items()} | {"age": year - state["founded_month"] // 12}
        alive = (state["age"] >= 1) & (exit_month > year * 12 + 11)
        for tag in TAGS:
            if _rate(tag, year) == 0:  # not awarded yet, so there is nothing to renew either
                continue
            wins = _wins(tag, year, state, alive, held_until, keen[tag], params, draw)
            if wins.size:
                won[tag].append((state["firm"][wins], np.full(wins.size, year), held_until[tag][wins] == year))
                held_until[tag][wins] = year + TERMS[tag][0]
    found = [_spells(tag, *map(np.concatenate, zip(*won[tag], strict=True)), draw) for tag in TAGS if won[tag]]
    columns = {
        name: np.concatenate([part[name] for part in found]) if found else np.empty(0, np.int64) for name in _NAMES
    }
    order = np.lexsort((columns["valid_from"], columns["tag"], columns["enterprise_id"]))
    columns = {name: column[order] for name, column in columns.items()}
    columns["in_scope"] = ~np.isin(columns["tag"], [TAGS.index(tag) for tag in OUT_OF_SCOPE])
    return columns


TESTED = itemgetter("revenue", "staff", "size", "rd_ratio", "age")
_NAMES = ("enterprise_id", "tag", "valid_from", "valid_to", "published_on", "batch")


def _wins(tag, year, state, alive, held_until, keen, params, draw):
    """Rows of the firms that pass the legal test of the tag in the year, apply, and are not still holding it."""
    revenue, staff, size, rd, age = TESTED(state)
    sme = size >= 1
    if tag == "HNTE":
        floor = np.where(revenue <= 5e7, 5.0, np.where(revenue <= 2e8, 4.0, 3.0))
        fit = (rd >= floor) & (state["other_tests"] < np.where(size <= 1, 1.0, params["tag.hnte_other_tests"]))
    elif tag == "TECH_SME":
        fit = sme & (staff <= 500) & (revenue <= 2e8) & (revenue * 1.1 <= 2e8) & (rd >= 2.0)
    elif tag == "SRDI":
        fit = sme & (age >= 2) & (rd >= 3.0) & (revenue >= 1e7)
    elif tag == "LITTLE_GIANT":
        fit = sme & (age >= 3) & (rd >= 3.0) & (revenue >= 2e7) & (held_until["SRDI"] > year)
    elif tag == "CHAMPION":
        fit = (size <= 1) & (age >= 10) & (rd >= 3.0) & (revenue >= 4e8)
    elif tag == "DEMONSTRATION":
        fit = (size <= 1) & (age >= 5) & (rd >= 3.0) & (revenue >= 1e8)
    elif tag == "INNOVATIVE_SME":
        fit = sme & (rd >= 3.0) & (revenue <= 2e8)
    else:  # UNICORN
        fit = (age <= 12) & (size <= 1) & (state["quality"] > 0.5)
    fit = np.flatnonzero(alive & (held_until[tag] <= year) & fit)
    firm, keen, age, size = state["firm"][fit], keen[fit], age[fit], size[fit]
    renews = held_until[tag][fit] == year
    chance = np.where(renews, params[f"tag.{tag.lower()}_renew"], _rate(tag, year))
    turn = draw.uniform(f"{tag}.apply", firm, year)
    appetite = (
        np.where(size <= 1, np.maximum(_appetite(tag), 0.99), _appetite(tag)) if tag == "HNTE" else _appetite(tag)
    )
    applies = np.where(
        renews, turn < np.where(size <= 1, np.maximum(chance, 0.95), chance), (keen < appetite) & (turn < chance)
    )
    if tag == "HNTE":  # intellectual property and a product take time: few apply in their first years
        applies &= renews | (age >= 4) | (turn < 0.25)
    return fit[applies]


def _rate(tag, year):
    """Chance that a fitting firm with an appetite wins the tag in the year."""
    return float(calibration_numbers("tag_rate", tag)[year - YEARS[0]])


def _appetite(tag):
    return float(calibration_numbers("tag_rate", tag)[-1])


def _spells(tag, firm, year, renewed, draw):
    """The awards' dates. A firm's month is its own, so that a renewal joins the span before without a gap."""
    years, first, last, late = TERMS[tag]
    month = year * 12 + draw.between(f"{tag}.month", firm, first - 1, last - 1)
    lag = draw.between(f"{tag}.late", firm, 0, late, year)
    return {
        "enterprise_id": firm,
        "tag": np.full(len(firm), TAGS.index(tag), np.int64),
        "valid_from": month_start(month).astype(np.int64),
        "valid_to": month_end(month + years * 12 - 1).astype(np.int64),
        "published_on": month_start(month) + np.where(renewed, np.minimum(lag, 20), lag),
        "batch": year,
    }
