"""What watches the notes: traced money, other registers, alerts, incidents; each against the notes' own lives."""

import polars as pl
import pytest

from sfbench.content import parameters
from tests.world.shared import SEED, day, history, world

SCALE = 0.05  # credit incidents are rare


def value(name):
    return parameters()[name].value


def flows():
    """Flows with their notes."""
    notes = world()["loan"].select(
        "loan_id", "enterprise_id", "granted_on", "currency", lent="amount", lender="institution_id"
    )
    return world()["account_flow"].join(notes, on="loan_id")


# account_flow


def test_payments_out_add_up_to_the_drawdown():
    paid = (
        flows().filter(pl.col("direction") == "out").group_by("loan_id").agg(pl.col("amount").sum(), pl.first("lent"))
    )
    assert paid.height > 1_000
    assert paid.filter(pl.col("amount") != pl.col("lent")).is_empty()


def test_only_renminbi_notes_of_tech_borrowers_above_the_amount_are_traced():
    traced = flows()
    assert set(traced["currency"]) == {"CNY"}
    assert traced["lent"].min() >= value("account.min_amount") * 100
    kinds = history()["firm_state"]["kind"][history()["note"]["row"][history()["account_flow"]["_note"]]]
    assert set(kinds.tolist()) == {0, 1, 2}


def test_the_table_has_one_to_two_rows_for_three_notes():
    share = world()["account_flow"].height / world()["loan"].height
    assert 1 / 3 < share < 2 / 3


def test_flows_happen_after_the_drawdown_and_inside_the_window():
    traced = flows()
    assert traced.filter(pl.col("event_on") < pl.col("granted_on")).is_empty()
    span = value("account.days") + value("account.round_trip_days")
    assert (traced["event_on"] - traced["granted_on"]).dt.total_days().max() <= span
    assert traced["event_on"].max() <= day("2027-12-31")


def test_a_related_firm_is_one_of_two_whatever_the_note():
    related = flows().filter("related").group_by("enterprise_id").agg(pl.col("counterparty_id").n_unique(), pl.len())
    assert related.filter(pl.col("len") > 2).height > 10
    assert related["counterparty_id"].max() <= 2


def misused():
    """(loan_id, misuse) of the traced notes of the first block: 1 round trip, 2 deposit, 3 fund, 4 evergreening."""
    found = history(SCALE)
    notes = found["note"]["attempt"][found["account_flow"]["_note"]]
    return pl.DataFrame({"loan_id": notes, "misuse": found["account_flow"]["_misuse"]})


def test_a_round_trip_returns_most_of_its_money_from_a_related_firm():
    trips = world(SCALE)["account_flow"].join(misused().filter(pl.col("misuse") == 1), on="loan_id")
    sums = (
        trips.filter("related")
        .group_by("loan_id")
        .agg(
            back=pl.col("amount").filter(pl.col("use") == "receipt").sum(),
            out=pl.col("amount").filter(pl.col("use") == "transfer").sum(),
        )
    )
    assert sums.height > 10
    assert sums.height == trips["loan_id"].n_unique()
    assert sums.filter(pl.col("back") < pl.col("out") * 0.5).is_empty()


@pytest.mark.parametrize(("use", "misuse"), [("deposit", 2), ("fund", 3), ("repayment", 4)])
def test_deposits_fund_payments_and_repayments_come_from_misuse_alone(use, misuse):
    notes = misused()
    paid = world(SCALE)["account_flow"].filter(pl.col("use") == use).join(notes, on="loan_id")
    assert paid.height > 2
    assert set(paid["misuse"]) == {misuse}
    assert paid.height == notes.filter(pl.col("misuse") == misuse).height


def test_an_evergreened_note_repays_another_one_of_its_firm_on_the_day_that_it_ends():
    repaid = flows().filter(pl.col("use") == "repayment")
    ends = world()["loan_flow"].filter(pl.col("kind") == "repayment").select("loan_id", "event_on", fell="amount_rmb")
    ends = ends.join(world()["loan"].select("loan_id", "enterprise_id", "institution_id"), on="loan_id")
    met = repaid.join(ends, on=["enterprise_id", "institution_id", "event_on"], suffix="_old")
    met = met.filter((pl.col("loan_id") != pl.col("loan_id_old")) & (-pl.col("fell") >= pl.col("amount")))
    assert repaid.height > 5
    assert met["loan_id"].n_unique() == repaid.height


# register_entry


def entries():
    """Entries with the note that they mean, by the note's code."""
    notes = world()["loan"].select(
        "note_code", "loan_id", "enterprise_id", "amount_rmb", "borrower_uscc", given_on="granted_on"
    )
    return world()["register_entry"].join(notes, on="note_code", suffix="_note")


def test_an_entry_with_a_code_shows_its_note_s_borrower():
    coded = entries()
    assert coded.height == world()["register_entry"]["note_code"].drop_nulls().len() > 500
    known = coded.filter(pl.col("borrower_uscc").is_not_null())
    assert known.filter(pl.col("borrower_uscc") != pl.col("borrower_uscc_note")).is_empty()


def test_shares_of_differing_amounts_and_dates_are_the_parameters():
    plain = entries().filter(pl.col("register") != "guarantor")
    for column, note, name in (("amount", "amount_rmb", "amount"), ("granted_on", "given_on", "date")):
        share, wanted = (plain[column] != plain[note]).mean(), value(f"register.{name}_differs")
        assert abs(share - wanted) < 4 * (wanted / plain.height) ** 0.5, name
    assert ((plain["amount"] / plain["amount_rmb"]) - 1).abs().max() <= value("register.amount_spread") + 0.01


def test_the_guarantors_register_names_the_guarantor_of_the_contract():
    contracts = world()["guarantee"].select("loan_id", "guarantor_id", "principal")
    own = entries().filter(pl.col("register") == "guarantor").join(contracts, on="loan_id", how="left")
    assert own.height > 50
    assert own.filter(pl.col("guarantor_id").ne_missing(pl.col("institution_id"))).is_empty()
    assert (own["amount"] == own["principal"]).mean() > 0.9


def test_a_district_lists_its_own_firms():
    homes = world()["enterprise"].select("enterprise_id", home="district_id")
    listed = entries().filter(pl.col("register") == "district").join(homes, on="enterprise_id")
    assert listed.height > 100
    assert listed.filter(pl.col("home").ne_missing(pl.col("district_id"))).is_empty()


def test_an_entry_s_number_follows_no_order_of_notes():
    coded = entries().sort("entry_id")
    assert abs(pl.DataFrame({"a": coded["loan_id"].rank(), "b": coded["entry_id"].rank()}).corr()["a"][1]) < 0.1


# risk_alert


def overdue():
    """First day on which each firm is overdue, from the flags of the month ends."""
    late = world(SCALE)["loan_balance"].filter(pl.col("overdue_days") > 0)
    late = late.with_columns(since=pl.col("month").dt.offset_by("0d") - pl.duration(days=pl.col("overdue_days")))
    late = late.join(world(SCALE)["loan"].select("loan_id", "enterprise_id"), on="loan_id")
    return late.group_by("enterprise_id").agg(default_on=pl.col("since").min())


def test_alerts_find_most_defaults_and_many_of_them_are_right():
    """Borrowers of the whole city: neither perfect nor useless, as the parameters of signal and noise make them."""
    alerts, defaults = world(SCALE)["risk_alert"].select("enterprise_id", "raised_on"), overdue()
    pairs = alerts.join(defaults, on="enterprise_id", how="left")
    ahead = (pl.col("default_on") - pl.col("raised_on")).dt.total_days()
    pairs = pairs.with_columns(hit=ahead.is_between(1, 366).fill_null(False))
    precision = pairs.filter(pl.col("raised_on") < day("2027-01-01"))["hit"].mean()
    late = defaults.filter(pl.col("default_on") >= day("2023-01-01"))
    recall = late.join(pairs.filter("hit"), on="enterprise_id", how="semi").height / late.height
    assert late.height > 500
    assert 0.2 < precision < 0.7
    assert 0.5 < recall < 0.95


def test_a_bank_alerts_on_its_own_borrowers():
    held = world()["loan_balance"].join(
        world()["loan"].select("loan_id", "enterprise_id", "institution_id"), on="loan_id"
    )
    alerts = world()["risk_alert"].with_columns(month=pl.col("raised_on").dt.month_end())
    assert alerts.height > 1_000
    assert alerts.join(held, on=["enterprise_id", "institution_id", "month"], how="anti").is_empty()


def test_no_alert_is_raised_while_a_default_is_unresolved():
    found = history()
    paths, alerts = found["firm_month"], found["risk_alert"]
    row = alerts["enterprise_id"] - 1
    month = (alerts["raised_on"].astype("datetime64[D]").astype("datetime64[M]").astype(int)) + 1970 * 12
    during = (month >= paths["default_month"][row]) & (month <= paths["resolved_month"][row])
    assert not during.any() and len(row) > 1_000


def test_graver_alerts_are_handled_sooner():
    alerts = world()["risk_alert"].drop_nulls("handled_on")
    days = alerts.group_by("severity").agg(lag=(pl.col("handled_on") - pl.col("raised_on")).dt.total_days().mean())
    lag = dict(days.iter_rows())
    assert 0 < lag["high"] < lag["medium"] < lag["low"]


# risk_incident


def test_a_credit_incident_is_what_the_borrower_owed_that_bank_when_it_fell_overdue():
    tables = world(SCALE)
    incidents = tables["risk_incident"].filter(pl.col("kind") == "credit")
    late = tables["loan_balance"].filter(pl.col("overdue_days") > 0)
    late = late.join(tables["loan"].select("loan_id", "enterprise_id", "institution_id"), on="loan_id")
    first = late.group_by("enterprise_id", "institution_id").agg(
        owed=pl.col("balance_rmb").filter(pl.col("month") == pl.col("month").min()).sum()
    )
    met = incidents.join(first, on=["enterprise_id", "institution_id"])
    assert met.height == incidents.height > 10
    # Dollar notes are valued at another month's rate.
    assert ((met["owed"] / met["exposure"]) - 1).abs().max() < 0.02
    assert incidents["exposure"].min() >= value("incident.exposure") * 100


def test_incidents_of_banks_are_the_same_at_every_scale():
    small, large = (world(scale)["risk_incident"].filter(pl.col("kind") != "credit") for scale in (0.002, SCALE))
    assert small.equals(large) and small.height > 20


def test_most_incidents_are_reported_within_their_limit():
    incidents = world(SCALE, SEED)["risk_incident"]
    lag = (incidents["reported_on"] - incidents["found_on"]).dt.total_days()
    timely = (lag <= incidents["report_limit_days"]).mean()
    assert incidents.height > 50
    assert abs(timely - value("incident.timely")) < 4 * (0.07 / incidents.height) ** 0.5


def test_a_cured_borrower_costs_nothing_and_a_lost_one_does():
    found, tables = history(SCALE), world(SCALE)
    outcome = pl.DataFrame({"enterprise_id": found["firm_state"]["firm"], "outcome": found["firm_month"]["outcome"]})
    closed = (
        tables["risk_incident"].filter(pl.col("kind") == "credit").drop_nulls("loss").join(outcome, on="enterprise_id")
    )
    assert closed.height > 5
    assert closed.filter((pl.col("outcome") == 0) != (pl.col("loss") == 0)).is_empty()
