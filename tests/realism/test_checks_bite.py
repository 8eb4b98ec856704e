"""Every figure is inside its band in a made world, and outside where the world is broken on purpose."""

import duckdb
import pytest

from sfbench.realism.report import checks, judge
from sfbench.realism.thresholds import thresholds

FLAT_REVENUE = ("enterprise_year", "(1e6 + enterprise_id % 1000)::DECIMAL(18,2) AS revenue")
FLAT_BALANCE = ("loan_balance", "1e6::DECIMAL(18,2) AS balance_rmb")
ONE_SIZE_OF_PATENTS = ("enterprise_year", "100 + enterprise_id % 10 AS valid_inventions")
EVEN_RD = ("enterprise_year", "(revenue * (hash(enterprise_id, year) % 1200) / 10000)::DECIMAL(18,2) AS rd_spend")
AT_THE_PLACEBO = ("enterprise_year", "(revenue * 0.081)::DECIMAL(18,2) AS rd_spend")
EVEN_MONTHS = ("loan", "make_date(year(granted_on)::INT, (hash(loan_id) % 12 + 1)::INT, 15) AS granted_on")
ALL_IN_DECEMBER = ("loan", "make_date(year(granted_on)::INT, 12, 15) AS granted_on")
SHUFFLED_DISTRICTS = ("enterprise", "enterprise_id % 11 + 1 AS district_id")
IMMORTAL = ("enterprise", "NULL::DATE AS dissolved_on")
ONLY_THE_OLD_DIE = ("enterprise", "CASE WHEN dissolved_on - founded_on > 3650 THEN dissolved_on END AS dissolved_on")
NOBODY_LATE = ("loan_balance", "0 AS overdue_days")
ANY_SIZE = ("loan", "'CS0' || (hash(enterprise_id) % 4 + 1) AS borrower_size")
ANY_STAGE = (
    "enterprise_year",
    "['seed', 'startup', 'growth', 'mature'][(hash(enterprise_id) % 4 + 1)::BIGINT] AS stage",
)
ONE_BAD_YEAR = (
    "loan_balance",
    "CASE WHEN year(month) = 2024 OR loan_id // 32768 % 5 = 0 THEN overdue_days ELSE 0 END AS overdue_days",
)
NO_DEBT = ("enterprise_year", "(total_assets * 0.9)::DECIMAL(18,2) AS net_assets")
ALL_LOSE = ("enterprise_year", "-1::DECIMAL(18,2) AS profit")
ANY_PROFIT = ("enterprise_year", "(revenue * (hash(enterprise_id, year) % 100 - 30.0) / 500)::DECIMAL(18,2) AS profit")
EQUAL_GROWTH = (
    "enterprise_year",
    "(1e6 * exp((enterprise_id % 7) + (hash(enterprise_id, year) % 100) / 200))::DECIMAL(18,2) AS revenue",
)
NO_GROWTH = ("enterprise_year", "(1000 + enterprise_id)::DECIMAL(18,2) AS revenue")
ROUND_REVENUE = ("enterprise_year", "round(revenue, -6) + 1e6::DECIMAL(18,2) AS revenue")
ROUND_ASSETS = ("enterprise_year", "5e6::DECIMAL(18,2) AS total_assets")
LIKE_PAYMENTS = ("account_flow", "(50 + loan_id % 40)::DECIMAL(18,2) AS amount")
ODD_PRINCIPALS = ("loan", "amount + 0.37 AS amount")
SHUFFLED_DECISIONS = (
    "credit_application",
    "CASE WHEN hash(application_id) % 4 = 0 THEN 'refused' ELSE 'approved' END AS decision",
)
REFUSED_AFTER_ROUNDS = (
    "credit_application",
    "CASE WHEN hash(application_id) % 2 = 0 AND EXISTS (FROM made.deal AS d WHERE d.investee_id = credit_application"
    ".enterprise_id AND d.closed_on BETWEEN applied_on - INTERVAL 24 MONTH AND applied_on)"
    " THEN 'refused' ELSE decision END AS decision",
)
ANY_AMOUNT = ("credit_application", "(hash(application_id) % 1000000)::DECIMAL(18,2) AS amount_requested")
ANY_RATE = ("loan", "(hash(loan_id) % 10)::DECIMAL(10,5) AS grant_rate")
POINTS_FOR_BAD_TERMS = (
    "loan",
    "(SELECT avg(innovation_points) FROM made.enterprise_year AS y WHERE y.enterprise_id = loan.enterprise_id)"
    "::DECIMAL(10,5) AS grant_rate",
)
ANY_GRADE = ("loan_balance", "'FQ0' || (hash(loan_id, month) % 5 + 1) AS grade")
ALL_PASS = ("loan_balance", "'FQ01' AS grade")
NONE_BAD = ("loan_balance", "CASE WHEN grade > 'FQ02' THEN 'FQ01' ELSE grade END AS grade")
LONG_ONES_BAD = (
    "loan_balance",
    "CASE WHEN loan_id IN (SELECT loan_id FROM made.loan WHERE tenor_months >= 60) THEN 'FQ05' ELSE 'FQ01' END"
    " AS grade",
)
NOTHING_BACK = ("fund_cash_flow", "0::DECIMAL(18,2) AS distributed")
WORTH_MORE_AT_ONCE = ("fund_cash_flow", "(nav * 1.5)::DECIMAL(18,2) AS nav")
LATE_LOSSES = (
    "fund_cash_flow",
    "(nav * CASE WHEN date_diff('month', (SELECT founded_on FROM made.fund AS f"
    " WHERE f.fund_id = fund_cash_flow.fund_id), quarter) BETWEEN 66 AND 84 THEN 0.1 ELSE 1 END)::DECIMAL(18,2) AS nav",
)
WORTHLESS = ("fund_cash_flow", "0::DECIMAL(18,2) AS nav")

BREAKS = {
    "revenue_hill": FLAT_REVENUE,
    "revenue_log_sd": FLAT_REVENUE,
    "revenue_median": FLAT_REVENUE,
    "staff_log_sd": ("enterprise_year", "20 + enterprise_id % 3 AS staff"),
    "balance_hill": ("loan_balance", "(1e6 + loan_id % 10)::DECIMAL(18,2) AS balance_rmb"),
    "balance_log_sd": (
        "loan_balance",
        "(balance_rmb::DOUBLE * balance_rmb::DOUBLE / 1e6)::DECIMAL(18,2) AS balance_rmb",
    ),
    "patent_hill": ONE_SIZE_OF_PATENTS,
    "bunching_5": EVEN_RD,
    "bunching_4": EVEN_RD,
    "bunching_3": EVEN_RD,
    "bunching_placebo": AT_THE_PLACEBO,
    "season_january": EVEN_MONTHS,
    "season_quarter_end": EVEN_MONTHS,
    "season_first_half": ALL_IN_DECEMBER,
    "season_december": ALL_IN_DECEMBER,
    "district_association": SHUFFLED_DISTRICTS,
    "district_makers_outside": SHUFFLED_DISTRICTS,
    "district_software_inside": SHUFFLED_DISTRICTS,
    "district_hnte_baoan": SHUFFLED_DISTRICTS,
    "survival_3": IMMORTAL,
    "survival_5": IMMORTAL,
    "survival_10": IMMORTAL,
    "survival_young_to_old": ONLY_THE_OLD_DIE,
    "hazard_large": NOBODY_LATE,
    "hazard_micro": NOBODY_LATE,
    "hazard_micro_to_large": ANY_SIZE,
    "hazard_early_to_mature": ANY_STAGE,
    "hazard_cycle": ONE_BAD_YEAR,
    "debt_ratio_median": NO_DEBT,
    "debt_ratio_p90": NO_DEBT,
    "insolvent_share": NO_DEBT,
    "loss_share": ALL_LOSE,
    "growth_sd": NO_GROWTH,
    "growth_sd_small_to_large": EQUAL_GROWTH,
    "benford_revenue": ROUND_REVENUE,
    "benford_assets": ROUND_ASSETS,
    "benford_balance": FLAT_BALANCE,
    "benford_payment": LIKE_PAYMENTS,
    "principal_round": ODD_PRINCIPALS,
    "revenue_round": ROUND_REVENUE,
    "revenue_commonest": ROUND_REVENUE,
    "assets_commonest": ROUND_ASSETS,
    "tag_to_approval": SHUFFLED_DECISIONS,
    "size_to_amount": ANY_AMOUNT,
    "margin_to_rate": ANY_RATE,
    "points_to_rate": POINTS_FOR_BAD_TERMS,
    "watched_to_default": ANY_GRADE,
    "loss_to_default": ANY_PROFIT,
    "patent_top_1": ONE_SIZE_OF_PATENTS,
    "patent_gini": ONE_SIZE_OF_PATENTS,
    "debt_top_1": FLAT_BALANCE,
    "debt_gini": FLAT_BALANCE,
    "fund_dpi_5": NOTHING_BACK,
    "fund_dpi_8": NOTHING_BACK,
    "fund_irr_2": WORTH_MORE_AT_ONCE,
    "fund_irr_8": WORTHLESS,
    "fund_trough": LATE_LOSSES,
    "equity_to_approval": REFUSED_AFTER_ROUNDS,
    "pass_stays_pass": ANY_GRADE,
    "pass_to_bad": ALL_PASS,
    "watched_to_bad": NONE_BAD,
    "bad_to_pass": ANY_GRADE,
    "bad_leaves": LONG_ONES_BAD,
    "loss_improves": ANY_GRADE,
}


OF_MANAGERS = {"aum_top_10", "aum_gini"}  # a world of this size has too few managers: see the test of their own


def computable(made):
    """Figures of the checks whose tables are made."""
    held = {row[0] for row in made.execute("SELECT table_name FROM information_schema.tables").fetchall()}
    ready = {name for name, check in checks().items() if set(check.needs) <= held}
    return {key for key, band in thresholds().items() if band.check in ready}


def test_every_figure_of_the_world_is_inside(made):
    found = judge(made, checks().values())
    assert not [one.threshold.key for one in found.of("outside")]
    assert len(found.of("inside")) > 45


def test_every_figure_that_can_be_computed_has_a_world_that_breaks_it(made):
    assert computable(made) - OF_MANAGERS == set(BREAKS)


@pytest.mark.parametrize("key", BREAKS)
def test_a_broken_world_is_outside(key, broken, verdicts):
    with broken(*BREAKS[key]) as connection:
        assert verdicts(connection, thresholds()[key].check)[key] == "outside"


@pytest.mark.parametrize(
    ("size", "verdict"),
    [
        ("1e8 / place ** 0.9", "inside"),
        ("1e8", "outside"),
        ("1e8 / place ** 9", "outside"),
    ],
    ids=["heavy-tailed", "all alike", "one has all"],
)
def test_concentration_of_fund_managers(size, verdict, verdicts):
    connection = duckdb.connect()
    funds = "SELECT range AS manager_id, range + 1.0 AS place, 'pe' AS kind FROM range(400)"
    connection.execute(f"CREATE TABLE fund AS SELECT manager_id, kind, {size} AS size FROM ({funds})")
    connection.execute("INSERT INTO fund VALUES (500, 'fof', 1e12)")  # public money does not count
    assert verdicts(connection, "fund_concentration") == dict.fromkeys(sorted(OF_MANAGERS, reverse=True), verdict)
