"""One life per firm: founded, asking, borrowing, gone, in this order; codes, places and references that hold."""

import polars as pl
import pytest
from stdnum.cn import uscc

from sfbench.content import tables
from tests.world.shared import ROOT, day, world

PUBLISHED = [content.spec for content in tables().values() if content.spec.published]
REFERENCES = [(spec.name, column) for spec in PUBLISHED for column in spec.columns if column.references]


def test_requests_run_in_order():
    """Pushed, contacted, applied, inspected, decided, drawn; each at most the next."""
    asked = world()["credit_application"]
    steps = ["pushed_on", "contacted_on", "applied_on", "due_diligence_on", "decided_on", "drawn_on"]
    for i, earlier in enumerate(steps):
        for later in steps[i + 1 :]:
            assert asked.filter(pl.col(earlier) > pl.col(later)).is_empty(), (earlier, later)


def test_only_the_approved_draw_and_only_the_refused_have_a_reason():
    asked = world()["credit_application"]
    known = asked.filter(pl.col("decision").is_not_null())
    assert set(known["decision"]) == {"approved", "refused", "withdrawn"}
    assert asked.filter(pl.col("drawn_on").is_not_null() & (pl.col("decision") != "approved")).is_empty()
    approved = pl.col("decision") == "approved"
    assert known.filter(approved != pl.col("amount_approved").is_not_null()).is_empty()
    assert known.filter((pl.col("decision") == "refused") != pl.col("refusal_reason").is_not_null()).is_empty()


def test_what_is_not_yet_decided_at_the_end_of_the_window_is_empty():
    asked = world()["credit_application"]
    late = asked.filter(pl.col("decided_on").is_null())
    assert late.filter(pl.col("applied_on") < day("2027-11-01")).is_empty()
    hidden = ["decision", "refusal_reason", "amount_approved", "decision_model", "drawn_on"]
    assert all(late[name].null_count() == late.height for name in hidden)


def test_a_note_is_the_drawdown_of_its_request():
    asked = world()["credit_application"].rename({"enterprise_id": "firm", "institution_id": "bank"})
    both = world()["loan"].join(asked, on="application_id")
    assert both.height == world()["loan"].height
    for note, request in (
        ("granted_on", "drawn_on"),
        ("enterprise_id", "firm"),
        ("institution_id", "bank"),
        ("product_id", "product_id_right"),
        ("tenor_months", "tenor_requested"),
    ):
        assert both.filter(pl.col(note).ne_missing(pl.col(request))).is_empty(), note


def test_a_note_in_yuan_is_the_amount_approved():
    asked = world()["credit_application"].select("application_id", "amount_approved", "amount_requested")
    both = world()["loan"].join(asked, on="application_id").filter(pl.col("currency") == "CNY")
    assert both.filter(pl.col("amount") != pl.col("amount_approved")).is_empty()
    assert both.filter(pl.col("amount_approved") > pl.col("amount_requested")).is_empty()


def test_the_amounts_of_a_request_are_in_yuan_for_dollar_notes_too():
    """The columns say CNY; the note was drawn within two months, so at most some percent lie between."""
    asked = world()["credit_application"].select("application_id", "amount_approved")
    both = world()["loan"].join(asked, on="application_id").filter(pl.col("currency") == "USD")
    ratio = pl.col("amount_rmb") / pl.col("amount_approved")
    assert both.height > 10
    assert both.filter(~ratio.is_between(0.85, 1.15)).is_empty()


def test_nothing_happens_before_a_firm_is_founded():
    firms = world()["enterprise"].select("enterprise_id", "founded_on", "first_credit_on")
    asked = world()["credit_application"].join(firms, on="enterprise_id")
    for step in ("pushed_on", "contacted_on", "applied_on"):
        assert asked.filter(pl.col(step) < pl.col("founded_on")).is_empty(), step
    assert (
        world()["loan"].join(firms, on="enterprise_id").filter(pl.col("granted_on") < pl.col("founded_on")).is_empty()
    )
    assert firms.filter(pl.col("first_credit_on") <= pl.col("founded_on")).is_empty()


def test_a_firm_that_has_gone_asks_for_nothing_and_is_granted_nothing():
    gone = world()["enterprise"].filter(pl.col("dissolved_on").is_not_null()).select("enterprise_id", "dissolved_on")
    assert gone.height > 50
    asked = world()["credit_application"].join(gone, on="enterprise_id")
    assert asked.filter(pl.col("applied_on") >= pl.col("dissolved_on")).is_empty()
    assert (
        world()["loan"].join(gone, on="enterprise_id").filter(pl.col("granted_on") >= pl.col("dissolved_on")).is_empty()
    )


def test_a_firm_owes_nothing_once_it_has_gone():
    gone = world()["enterprise"].filter(pl.col("dissolved_on").is_not_null()).select("enterprise_id", "dissolved_on")
    mine = world()["loan"].select("loan_id", "enterprise_id").join(gone, on="enterprise_id")
    flows = world()["loan_flow"].join(mine, on="loan_id")
    assert flows.filter(pl.col("event_on") > pl.col("dissolved_on")).is_empty()


def test_a_firm_is_founded_before_it_goes():
    assert world()["enterprise"].filter(pl.col("dissolved_on") <= pl.col("founded_on")).is_empty()


@pytest.mark.parametrize(("table", "column"), REFERENCES, ids=[f"{t}.{c.name}" for t, c in REFERENCES])
def test_a_reference_leads_to_a_row(table, column):
    parent, _, parent_column = column.references.partition(".")
    children = world()[table].select(pl.col(column.name).alias("it")).drop_nulls().unique()
    parents = world()[parent].select(pl.col(parent_column).alias("it"))
    assert parents["it"].is_unique().all()
    assert children.join(parents, on="it", how="anti").is_empty()


@pytest.mark.parametrize("spec", PUBLISHED, ids=lambda spec: spec.name)
def test_every_cell_lies_within_what_its_column_declares(spec):
    """Values, bounds (in the unit of the dataset), dates, and no null where none is declared."""
    units = {"money": 100, "rate": 100_000}
    for column in spec.columns:
        cells = world()[spec.name][column.name]
        where = f"{spec.name}.{column.name}"
        assert column.nullable or cells.null_count() == 0, where
        present = cells.drop_nulls()
        if column.values:
            assert set(present.unique()) <= {code.code for code in column.values}, where
        for low, high in (
            (column.low, column.high),
            (column.low_on and day(column.low_on), column.high_on and day(column.high_on)),
        ):
            unit = units.get(column.kind, 1) if low is not None and column.kind != "date" else 1
            if low not in (None, "") and len(present):
                assert present.min() >= (low * unit if column.kind != "date" else low), where
            unit = units.get(column.kind, 1)
            if high not in (None, "") and len(present):
                assert present.max() <= (high * unit if column.kind != "date" else high), where


@pytest.mark.parametrize("table", ["enterprise", "institution"])
def test_credit_codes_are_valid_and_unique_and_cannot_have_been_issued(table):
    """GB 32100 check digits by python-stdnum; area codes 440390 to 440399 are assigned to nobody."""
    found = world()[table]["uscc"].to_list()
    assert len(set(found)) == len(found)
    assert all(440390 <= int(code[2:8]) <= 440399 for code in found)
    for code in found:
        uscc.validate(code)


def test_no_firm_has_the_code_of_a_bank():
    assert not set(world()["enterprise"]["uscc"]) & set(world()["institution"]["uscc"])


def test_a_note_names_borrower_and_bank_as_their_registers_do():
    both = (
        world()["loan"]
        .join(world()["enterprise"], on="enterprise_id")
        .join(
            world()["institution"].select("institution_id", bank_uscc="uscc", bank_area="area_code"),
            on="institution_id",
        )
    )
    assert both.filter(pl.col("borrower_uscc") != pl.col("uscc")).is_empty()
    assert both.filter(pl.col("institution_uscc") != pl.col("bank_uscc")).is_empty()
    assert both.filter(pl.col("institution_area_code") != pl.col("bank_area")).is_empty()
    assert both.filter(pl.col("borrower_ownership") != pl.col("ownership")).is_empty()


def test_street_district_postcode_and_area_agree():
    streets = pl.read_csv(ROOT / "datasets/vocabulary/street.csv", comment_prefix="#", infer_schema=False)
    districts = world()["district"].select("district_id", place="name_zh", code="area_code")
    firms = world()["enterprise"].filter("in_city").join(districts, on="district_id")
    assert firms.filter(pl.col("area_code") != pl.col("code")).is_empty()
    assert firms.filter(~pl.col("address").str.contains(pl.col("place"), literal=True)).is_empty()
    known = streets.select(pl.col("district_id").cast(pl.Int64), "street_zh", "postcode")
    fits = firms.join(known, on=["district_id", "postcode"]).filter(
        pl.col("address").str.contains(pl.col("street_zh"), literal=True)
    )
    assert fits["enterprise_id"].n_unique() == firms.height


def test_firms_outside_the_city_have_no_district():
    firms = world()["enterprise"]
    assert firms.filter(pl.col("in_city") == pl.col("district_id").is_null()).is_empty()
    assert firms.filter(~pl.col("in_city")).height > 10


def test_phones_and_mails_reach_nobody():
    firms = world()["enterprise"]
    assert firms.filter(~pl.col("email").str.ends_with(".example")).is_empty()
    assert firms.filter(
        ~pl.col("phone").str.contains(r"^0755-0\d{7}$")
    ).is_empty()  # no subscriber number begins with 0
