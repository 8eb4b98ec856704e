"""Truths of questions against their definitions, worked out in polars on small worlds."""

from dataclasses import replace
from datetime import date
from functools import cache

import polars as pl
import pytest

from sfbench.bench.instance import instance, wished
from sfbench.bench.worlds import worlds
from sfbench.content import scenario


@cache
def small(name, scale=0.02):
    found = scenario(name)
    return replace(found, trial=replace(found.trial, scale=scale))


@cache
def world(name, scale=0.02):
    return worlds(wished(small(name, scale), "main", 3))


@cache
def made(name, variant="main", scale=0.02):
    return instance(small(name, scale), variant, 3)


def frame(tables, name):
    return pl.from_arrow(tables[name])


def z(name):
    return (pl.col(name) - pl.col(name).mean()) / pl.col(name).std()


def agree(truth, oracle, key, value):
    both = pl.from_arrow(truth).join(oracle, on=key, how="full")
    assert both.height == truth.num_rows and both[value].to_list() == pytest.approx(both["mine"].to_list())


def test_the_effect_on_rates_is_the_mean_rate_less_that_of_the_twin():
    def mean(tables):
        notes = frame(tables, "loan").filter(pl.col("granted_on").dt.year() == 2027)
        amount = pl.col("amount_rmb").cast(pl.Float64)
        return notes.select((pl.col("grant_rate").cast(pl.Float64) * amount).sum() / amount.sum()).item()

    found = world("s26_mix_shift")
    assert made("s26_mix_shift").value == pytest.approx(mean(found.real) - mean(found.twin))
    assert -0.11 < made("s26_mix_shift").value < -0.08  # 0.1 points, less where a rate lies at its floor


def test_in_the_world_of_a_cut_small_firms_borrow_more_with_the_cut_and_without():
    for tables in (world("s26_mix_shift").real, world("s26_mix_shift").twin):
        notes = frame(tables, "loan").filter(pl.col("borrower_size").cast(pl.String).is_in(["CS03", "CS04"]))
        lent = {year: notes.filter(pl.col("granted_on").dt.year() == year)["amount_rmb"].sum() for year in (2026, 2027)}
        assert 2 < lent[2027] / lent[2026] < 4


def test_access_is_of_those_who_stood_on_the_list_at_first():
    found, first, last = world("s31_list_pruning").real, date(2025, 3, 31), date(2025, 12, 31)
    entries = frame(found, "list_entry").filter(pl.col("list").cast(pl.String) == "coordination")
    listed = entries.filter(
        (pl.col("reserved_on") <= first) & (pl.col("removed_on").is_null() | (pl.col("removed_on") > first))
    )["enterprise_id"].unique()
    notes = frame(found, "loan_balance").join(frame(found, "loan").select("loan_id", "enterprise_id"), on="loan_id")
    rate = {
        day: listed.is_in(notes.filter(pl.col("month") == day)["enterprise_id"].unique().implode()).mean()
        for day in (first, last)
    }
    assert made("s31_list_pruning").value == pytest.approx(rate[last] - rate[first])


@pytest.mark.parametrize("variant", ["main", "null_twin"])
def test_soundness_is_of_what_is_on_the_books_whatever_is_reported(variant):
    day = (pl.col("month") == date(2025, 12, 31)) & pl.col("current")
    books = frame(world("s14_wrong_unit").real, "bank_month").filter(
        day & (pl.col("reporting_scope").cast(pl.String) == "PBOC")
    )
    share = {name: pl.col(name).cast(pl.Float64) / pl.col("all_loans").cast(pl.Float64) for name in books.columns[8:]}
    wanted = {"t": share["tech_industry_loans"], "g": share["green_loans"], "n": -share["npl_loans"]}
    oracle = books.select("institution_id", **wanted).select("institution_id", mine=z("t") + z("g") + z("n"))
    agree(made("s14_wrong_unit", variant).truth, oracle, "institution_id", "quality")


def test_two_banks_report_each_figure_ten_thousand_times_too_large_in_every_month():
    found = world("s14_wrong_unit")
    seen, real = (frame(tables, "bank_month") for tables in (found.seen, found.real))
    key = ["month", "institution_id", "reporting_scope", "scope_version"]
    both = seen.join(real, on=key, suffix="_real").filter(pl.col("month") >= date(2025, 1, 31))
    for name in ("tech_industry_loans", "green_loans"):
        wrong = both.filter(pl.col(name) != pl.col(f"{name}_real"))
        ratio = wrong.select(pl.col(name).cast(pl.Float64) / pl.col(f"{name}_real").cast(pl.Float64)).to_series()
        assert wrong["institution_id"].n_unique() == 2 and ((ratio - 10_000).abs() < 1).all()


def test_the_effect_per_yuan_is_largest_where_the_scenario_says():
    found = world("s25_allocation", 0.1)
    register = pl.DataFrame({"enterprise_id": found.register["firm"], "start": found.register["start"]})
    reached = register.filter(pl.col("start") < 1 << 40).join(
        frame(found.real, "enterprise").select("enterprise_id", "district_id"), on="enterprise_id"
    )

    def lent(tables):
        notes = frame(tables, "loan").filter(pl.col("granted_on").is_between(date(2025, 1, 1), date(2026, 12, 31)))
        joined = notes.join(reached, on="enterprise_id").group_by("district_id")
        return joined.agg(pl.col("amount_rmb").cast(pl.Float64).sum())

    both = lent(found.real).join(lent(found.twin), on="district_id", suffix="_twin")
    oracle = both.select("district_id", mine=pl.col("amount_rmb") / pl.col("amount_rmb_twin") - 1)
    truth = made("s25_allocation", scale=0.1).truth
    agree(truth, oracle, "district_id", "quality")
    quality = dict(zip(truth["district_id"].to_pylist(), truth["quality"].to_pylist(), strict=True))
    assert min(quality[d] for d in (1, 7, 8, 9)) > 0.4 > 0.1 > max(quality[d] for d in (2, 3, 4, 5))


def test_who_deserves_a_reward_is_told_by_what_the_catalogue_and_all_banks_books_say():
    found = world("s29_known_weights").real
    industry = frame(found, "industry").with_columns(
        tech=pl.any_horizontal(pl.col(name).is_not_null() for name in ("htp", "hts", "pa"))
    )
    notes = (
        frame(found, "loan")
        .filter(pl.col("granted_on").is_between(date(2025, 1, 1), date(2026, 12, 31)))
        .join(industry.select("industry_code", "tech"), left_on="use_industry", right_on="industry_code")
    )
    by = notes.group_by("institution_id").agg(pl.col("tech").mean(), pl.col("first_loan").mean())
    oracle = by.select("institution_id", mine=z("tech") + z("first_loan"))
    agree(made("s29_known_weights").truth, oracle, "institution_id", "quality")


def test_the_same_banks_inflate_both_indicators_and_no_other_does():
    found = world("s29_known_weights")
    seen, real = (frame(tables, "loan") for tables in (found.seen, found.real))
    both = seen.join(real.select("loan_id", "tech_use", "first_loan"), on="loan_id", suffix="_real")
    wrong = [
        set(both.filter(pl.col(name) != pl.col(f"{name}_real"))["institution_id"])
        for name in ("tech_use", "first_loan")
    ]
    assert 15 <= len(wrong[0] | wrong[1]) <= 18 and len(wrong[0] & wrong[1]) > 10  # three in ten of sixty


def test_the_money_of_a_round_trip_went_to_a_related_firm_and_came_back():
    found = made("s23_round_trips", scale=0.05)
    trips = pl.from_arrow(found.truth).filter("label")["loan_id"]
    flows = frame(found.seen, "account_flow").with_columns(pl.col("amount").cast(pl.Float64))
    out, back = (flows.filter(pl.col("direction").cast(pl.String) == way) for way in ("out", "in"))
    pairs = out.filter("related").join(back, on=["loan_id", "counterparty_id"], suffix="_back")
    days = (pl.col("event_on_back") - pl.col("event_on")).dt.total_days()
    share = pl.col("amount_back") / pl.col("amount")
    cycles = pairs.filter(days.is_between(1, 20) & (share >= 0.6 - 1e-6))["loan_id"]
    assert len(trips) > 10 and trips.is_in(cycles.implode()).mean() > 0.99


def test_rows_that_are_called_copies_stand_in_the_learned_file_and_carry_no_number_of_it():
    found = made("s24_copied_rows")
    learned, synthetic = (frame(found.seen, name) for name in ("learned", "synthetic"))
    assert not {"loan_id", "enterprise_id", "institution_id", "label", "file"} & {*learned.columns, *synthetic.columns}
    copies = synthetic.join(pl.from_arrow(found.truth).filter("label"), on="row")
    same = [name for name in learned.columns if name != "amount"]
    beside = copies.join(learned, on=same, suffix="_learned")
    near = beside.filter(((pl.col("amount") / pl.col("amount_learned") - 1).abs() < 0.03) | (pl.col("amount") < 1e6))
    assert copies.height > 10 and set(near["row"]) == set(copies["row"])
    assert 0 < (near["amount"] != near["amount_learned"]).mean() < 1  # some exactly, some with amounts off


def test_a_sound_synthesiser_has_copied_nothing_and_the_order_tells_nothing():
    assert not any(made("s24_copied_rows", "null_twin").truth["label"].to_pylist())
    label = made("s24_copied_rows", scale=0.05).truth["label"].to_numpy(zero_copy_only=False)
    place = pl.Series(range(len(label)))
    ahead, behind = place.filter(pl.Series(label)), place.filter(pl.Series(~label))
    assert abs(ahead.mean() - behind.mean()) < 4 * place.std() / len(ahead) ** 0.5


def test_who_stretches_lies_within_a_quarter_point_above_the_floor_for_its_revenue():
    found = made("s09_heaped_ratio", scale=0.05)
    report = frame(found.seen, "enterprise_year").filter(
        (pl.col("year") == 2025) & ~pl.col("preliminary") & (pl.col("revenue") > 0)
    )
    revenue = pl.col("revenue").cast(pl.Float64)
    floor = pl.when(revenue <= 5e7).then(5.0).when(revenue <= 2e8).then(4.0).otherwise(3.0)
    above = 100 * pl.col("rd_spend").cast(pl.Float64) / revenue - floor
    both = report.select("enterprise_id", above=above).join(pl.from_arrow(found.truth), on="enterprise_id")
    inside = both.filter(pl.col("above").is_between(-1e-3, 0.25 + 1e-3))
    assert both.filter("label").height > 50 and inside["label"].sum() == both["label"].sum()
    assert 0.5 < inside["label"].mean() < 0.95  # honest firms lie there, too


BAD = ["FQ03", "FQ04", "FQ05"]


def notes(tables, *columns):
    """Month-end rows of notes with what the note says."""
    return frame(tables, "loan_balance").join(frame(tables, "loan").select("loan_id", *columns), on="loan_id")


def test_growth_of_stayers_is_of_borrowers_whose_tag_the_register_shows_at_first():
    found, first, last = world("s32_tag_churn").real, date(2023, 6, 30), date(2026, 6, 30)
    tagged = frame(found, "enterprise_tag").filter(
        pl.col("in_scope") & (pl.col("published_on") <= first) & pl.lit(first).is_between("valid_from", "valid_to")
    )
    rows = notes(found, "enterprise_id").filter(pl.col("month").is_in([first, last]))
    rows = rows.join(tagged.select("enterprise_id").unique(), on="enterprise_id", how="semi")
    rows = rows.join(rows.filter(pl.col("month") == first), on="enterprise_id", how="semi")
    at = {day: float(rows.filter(pl.col("month") == day)["balance_rmb"].sum()) for day in (first, last)}
    assert made("s32_tag_churn").value == pytest.approx(at[last] / at[first] - 1)


def test_a_note_counts_as_bad_up_to_eighteen_months_after_it_was_granted():
    found = world("s33_seasoning").real
    granted = frame(found, "loan").filter(pl.col("granted_on").is_between(date(2025, 7, 1), date(2026, 6, 30)))
    bad = notes(found, "granted_on").filter(
        pl.col("grade").cast(pl.String).is_in(BAD) & (pl.col("month") <= pl.col("granted_on").dt.offset_by("18mo"))
    )
    share = granted.join(bad, on="loan_id", how="semi").height / granted.height
    assert made("s33_seasoning").value == pytest.approx(share)


def test_what_a_programme_adds_is_what_the_twin_did_not_lend_to_whom_it_reaches():
    found = world("s34_additionality")
    reached = found.register["firm"][found.register["start"] == 2025 * 12]

    def lent(tables):
        loans = frame(tables, "loan").filter(pl.col("granted_on").dt.year().is_in([2025, 2026]))
        return float(loans.filter(pl.col("enterprise_id").is_in(reached.tolist()))["amount_rmb"].sum())

    assert made("s34_additionality").value == pytest.approx(1 - lent(found.twin) / lent(found.real))


def test_a_first_loan_is_one_of_the_first_contract_of_a_borrower_anywhere():
    found = world("s22_false_first_loans")
    first = (
        frame(found.real, "loan")
        .sort("granted_on", "loan_id")
        .group_by("enterprise_id")
        .agg(begun=pl.col("contract_code").first())
    )
    claimed = frame(found.seen, "loan").filter(pl.col("first_loan") & (pl.col("granted_on").dt.year() == 2025))
    real = frame(found.real, "loan").join(claimed.select("loan_id"), on="loan_id").join(first, on="enterprise_id")
    oracle = real.select("loan_id", mine=pl.col("contract_code") != pl.col("begun"))
    agree(made("s22_false_first_loans").truth, oracle, "loan_id", "label")


def test_a_note_is_wrong_if_any_field_is_reported_as_it_is_not():
    found = world("s28_cell_defects")
    seen, real = frame(found.seen, "loan"), frame(found.real, "loan")
    both = seen.join(real, on="loan_id", suffix="_real")
    fields = [name for name in seen.columns if name != "loan_id"]
    wrong = pl.any_horizontal(
        pl.col(name).cast(pl.String).ne_missing(pl.col(f"{name}_real").cast(pl.String)) for name in fields
    )
    truth = pl.from_arrow(made("s28_cell_defects").truth)
    oracle = both.join(truth, on="loan_id", how="semi").select("loan_id", mine=wrong)
    assert oracle["mine"].sum() > 100
    agree(made("s28_cell_defects").truth, oracle, "loan_id", "label")
