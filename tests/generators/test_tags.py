"""Qualifications: spans that never overlap, little giants that are specialised SMEs, lists that come out later."""

import polars as pl
import pytest

import sfbench
from tests.world.shared import SEED, TWO_BLOCKS, day, frame, held_at, world

OUT_OF_SCOPE = ["INNOVATIVE_SME", "UNICORN"]
YEARS = {"TECH_SME": 1, "UNICORN": 1}  # all others hold for three


def test_spans_of_one_tag_do_not_overlap():
    spells = world()["enterprise_tag"].sort("enterprise_id", "tag", "valid_from")
    same = (pl.col("enterprise_id") == pl.col("enterprise_id").shift(1)) & (pl.col("tag") == pl.col("tag").shift(1))
    assert spells.filter(same & (pl.col("valid_from") <= pl.col("valid_to").shift(1))).is_empty()
    assert spells.filter(same).height > 100


def test_a_span_lasts_as_long_as_the_law_says():
    spells = world()["enterprise_tag"].with_columns(
        years=pl.col("tag").replace_strict(YEARS, default=3, return_dtype=pl.Int64)
    )
    end = pl.col("valid_from").dt.offset_by(pl.format("{}y", "years")).dt.offset_by("-1d")
    assert spells.filter(pl.col("valid_to") != end).is_empty()
    assert spells.filter(pl.col("valid_from").dt.day() != 1).is_empty()


def test_little_giants_are_specialised_smes_when_awarded():
    spells = world()["enterprise_tag"]
    giants = spells.filter(pl.col("tag") == "LITTLE_GIANT")
    sme = spells.filter(pl.col("tag") == "SRDI").select("enterprise_id", since="valid_from", until="valid_to")
    both = giants.join(sme, on="enterprise_id").filter(pl.col("valid_from").is_between("since", "until"))
    assert giants.height > 10
    assert both.select("enterprise_id", "valid_from").n_unique() == giants.height


def test_who_is_no_longer_a_specialised_sme_becomes_no_little_giant(tmp_path):
    """In a city where no SRDI is renewed, so that many have lapsed."""
    words = "title_zh: 甲\ntitle_en: A\ncaption: None renew.\nparams:\n  tag.srdi_renew: 0\n"
    (tmp_path / "lapse.yaml").write_text("extends: baseline\n" + words, encoding="utf-8")
    made = sfbench.generate(str(tmp_path / "lapse.yaml"), scale=TWO_BLOCKS, seed=SEED, tables=["enterprise_tag"])
    spells = frame(made["enterprise_tag"])
    giants = spells.filter(pl.col("tag") == "LITTLE_GIANT")
    sme = spells.filter(pl.col("tag") == "SRDI").select("enterprise_id", since="valid_from", until="valid_to")
    held = giants.join(sme, on="enterprise_id").filter(pl.col("valid_from").is_between("since", "until"))
    assert giants.height > 5
    assert held.select("enterprise_id", "valid_from").n_unique() == giants.height


def test_innovative_smes_and_unicorns_are_out_of_scope():
    spells = world()["enterprise_tag"]
    assert spells.filter(pl.col("in_scope") == pl.col("tag").is_in(OUT_OF_SCOPE)).is_empty()


def test_a_list_is_published_after_the_award_and_tech_smes_late():
    spells = world()["enterprise_tag"].with_columns(
        late=(pl.col("published_on") - pl.col("valid_from")).dt.total_days()
    )
    assert spells.filter((pl.col("late") < 0) | (pl.col("late") > 60)).is_empty()
    assert spells.filter(pl.col("published_on") > pl.col("valid_to")).is_empty()
    assert spells.filter(pl.col("tag") == "TECH_SME")["late"].max() > 30


def test_a_firm_is_tagged_after_its_founding_and_while_it_lives():
    firms = world()["enterprise"].select("enterprise_id", "founded_on", "dissolved_on")
    spells = world()["enterprise_tag"].join(firms, on="enterprise_id")
    assert spells.filter(pl.col("valid_from") <= pl.col("founded_on")).is_empty()
    assert spells.filter(pl.col("valid_from") > pl.col("dissolved_on")).is_empty()


def test_the_flag_of_a_note_is_the_borrower_s_published_valid_tag_in_scope():
    tags = [tag for tag in world()["enterprise_tag"]["tag"].unique() if tag not in OUT_OF_SCOPE]
    held = held_at(tags).with_columns(held=pl.lit(True))
    rows = world()["loan_balance"].join(world()["loan"].select("loan_id", "enterprise_id"), on="loan_id")
    rows = rows.join(held, on=["enterprise_id", "month"], how="left").with_columns(pl.col("held").fill_null(False))
    assert rows["held"].sum() > 10_000
    assert rows.filter(pl.col("held") != pl.col("tech_enterprise")).is_empty()


@pytest.mark.parametrize("tag", ["HNTE", "TECH_SME", "SRDI", "LITTLE_GIANT", "INNOVATIVE_SME"])
def test_every_common_tag_is_held_in_every_year(tag):
    held = held_at([tag])
    assert set(held["month"].dt.year()) == set(range(2022, 2028))


def test_no_award_lies_after_the_window():
    assert world()["enterprise_tag"]["published_on"].max() <= day("2027-12-31")
