"""A firm's carbon account: a score each year from the emissions of the last closed year.

Only firms that report every year can be rated (see enterprise_year). A rating falls in the second half of a year, when
the annual report is filed, and holds for twelve months.
"""

import numpy as np

from sfbench.kit import Column, Table, add_months, code_list, day_in_month, quantiles, vocabulary, vocabulary_numbers

TABLE = Table(
    zh="企业碳账户",
    en="Carbon accounts of enterprises",
    key=("enterprise_id", "rating_no"),
    needs=("firm_state", "firm_accounts"),
    grows="enterprise",
    per_firm=0.0414,
    row_bytes=29.0,
    measures=(12,),
    event_on="rated_on",
    known_on="rated_on",
    rows_by="2027-12-31",
    columns=(
        Column("enterprise_id", "key", "企业编号", "Enterprise", references="enterprise.enterprise_id"),
        Column("rating_no", "count", "评价次序", "Number of the rating, from 1", low=1, high=6),
        Column("rated_on", "date", "评价日期", "Rated on", low_on="2022-07-01", high_on="2027-12-31"),
        Column("valid_to", "date", "有效期止", "Valid to (last day)", low_on="2023-06-30", high_on="2028-12-31"),
        Column("year", "count", "核算年度", "Year of the emissions", low=2021, high=2026),
        Column("tco2e", "number", "碳排放量", "Greenhouse-gas emissions of that year", unit="tCO2e", low=0),
        Column("intensity", "number", "碳排放强度", "Emissions per revenue", unit="tCO2e per CNY million", low=0),
        Column("score", "count", "碳效评分", "Score", low=1, high=100),
        Column("grade", "code", "碳效等级", "Grade", values=code_list("carbon_grade")),
        Column(
            "rater_id", "key", "评价机构编号", "Rated by (a credit platform)", references="institution.institution_id"
        ),
    ),
)

FIRST_YEAR, YEARS = 2021, 7
FIRST_RATING, RATINGS = 2022, 6  # the first year with ratings (prior), and how many years follow until 2027
FIRST_MONTH, MONTHS = 2016 * 12, 144
NEVER = 1 << 40
PREFIX = 350  # the fewest firms that a city has
CENTS_OF_MILLION = 1e8
GRADES = (40, 55, 70, 85)  # lowest score of D, C, B, A: prior
MANAGEMENT, MOVES = 6, 2  # prior: points: spread between firms, and most that a year moves
TCO2E_PER_TCE = 2.2  # prior: of the usual firm of a trade, against which a firm is rated


def rows(block, needs, params, draw):
    """One row a firm and year rated; `_carbon_from` is the month of the first rating by firm, NEVER if none;
    `_score_in` (firms, months from 2016) the score that holds in all of that month, 0 if none does."""
    books = needs["firm_accounts"]
    state = {name: column[books["row"]] for name, column in needs["firm_state"].items()}
    firm = state["firm"]
    # The last closed year of a rating in FIRST_RATING + k is year k of the accounts.
    can = books["active"][:, :RATINGS] & books["active"][:, 1:]
    rated = can & (np.arange(RATINGS) >= _opens(block, books["row"], can, state, params, draw)[:, None])
    one, k = np.nonzero(rated)
    first = np.argmax(rated, axis=1)
    month = (FIRST_RATING + np.arange(RATINGS)) * 12 + 6 + draw.below("month", firm, 6)[:, None]
    rated_on = day_in_month(month[one, k], draw.uniform("day", firm[one], k))
    tco2e, revenue = books["tco2e"][one, k], books["revenue"][one, k]
    intensity = tco2e / (np.maximum(revenue, 1) / CENTS_OF_MILLION)
    score = _score(intensity / (books["tce_norm"][one] * TCO2E_PER_TCE), firm[one], k, params, draw)
    carbon_from = np.full(block.count, NEVER)
    has = rated.any(axis=1)
    carbon_from[books["row"][has]] = month[has, first[has]]
    raters = vocabulary_numbers("institution", "institution_id").astype(np.int64)
    raters = raters[[kind == "credit_platform" for kind in vocabulary("institution", "kind")]]
    return {
        "enterprise_id": firm[one],
        "rating_no": k - first[one] + 1,
        "rated_on": rated_on,
        "valid_to": add_months(rated_on, 12) - 1,
        "year": FIRST_YEAR + k,
        "tco2e": tco2e,
        "intensity": np.floor(intensity * 1e4 + 0.5) / 1e4,
        "score": score,
        "grade": 4 - np.searchsorted(GRADES, score, side="right"),
        "rater_id": raters[draw.below("rater", firm[one], len(raters))],
        "_carbon_from": carbon_from,
        "_score_in": _score_in(block.count, books["row"][one], month[one, k], score),
    }


def _score_in(count, row, month, score):
    """A rating holds in the eleven months between that in which it falls and that in which it ends."""
    scores = np.zeros((count, MONTHS), np.int8)
    months = month[:, None] + np.arange(1, 12) - FIRST_MONTH
    inside = months < MONTHS
    at = np.nonzero(inside)[0]
    scores[row[at], months[inside]] = score[at]
    return scores


def _opens(block, row, can, state, params, draw):
    """Position of the rating year in which a firm opens its account; RATINGS if it never does."""
    by_size = [params["carbon.large"], params["carbon.medium"], params["carbon.small"], params["carbon.micro"]]
    making = vocabulary_numbers("industry", "manufacturing")[state["industry"]] == 1
    chance = np.array(by_size)[state["size"]] * np.where(making, 1.0, params["carbon.service"])
    chance = np.minimum(chance * params["carbon.take_up"], 1.0)
    turn = draw.uniform("opens", state["firm"])
    # Of those who open an account, as many do each year; below `chance` the draw is uniform again.
    nearness = turn / np.maximum(chance, 1e-9)
    opens = np.minimum(nearness * RATINGS, RATINGS).astype(np.int64)
    fit = can.any(axis=1) & (row < PREFIX)
    if block.index == 0 and fit.any():  # the one that comes nearest is rated: no scale is without a rating
        first = int(np.argmin(np.where(fit, nearness, np.inf)))
        opens[first] = min(opens[first], np.flatnonzero(can[first])[-1])
    return opens


def _score(relative, firm, k, params, draw):
    """1 to 100: what a firm emits against its trade, and its management, which moves a little from year to year."""
    luck = MANAGEMENT * draw.quantile("management", firm, quantiles("normal"))
    luck += MOVES * (2 * draw.uniform("year", firm, k) - 1)
    score = params["carbon.score_mean"] - params["carbon.intensity_score"] * (relative - 1.0) + luck
    return np.clip(np.floor(score + 0.5), 1, 100).astype(np.int64)
