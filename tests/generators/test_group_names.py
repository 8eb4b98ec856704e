"""Names of groups, where a scenario asks for them: sisters share a word, and a register may write the group's name."""

import polars as pl
import pytest

from sfbench.content import scenario
from tests.world.shared import SEED, TWO_BLOCKS, history, world

NAME = "s17_named_alike"


@pytest.fixture(scope="module")
def firms():
    """Firms of groups with the head's name."""
    firm = world(TWO_BLOCKS, SEED, NAME)["enterprise"].select("enterprise_id", "group_id", "name_zh", "uscc")
    head = firm.select(group_id="enterprise_id", head_zh="name_zh")
    return firm.join(head, on="group_id", how="left")


def word(column):
    """The invented word has two characters and stands behind the three of the city."""
    return pl.col(column).str.slice(3, 2)


def test_sisters_carry_the_word_of_their_head(firms):
    members = firms.filter(pl.col("group_id") != pl.col("enterprise_id"), pl.col("head_zh").is_not_null())
    assert members.height > 300
    assert members.filter(word("name_zh") != word("head_zh")).is_empty()
    assert members["name_zh"].n_unique() > 0.9 * members.height  # alike, and no more than that


def test_in_the_baseline_they_do_not():
    firm = world(TWO_BLOCKS)["enterprise"].select("enterprise_id", "group_id", "name_zh")
    pairs = firm.join(firm.select(group_id="enterprise_id", head_zh="name_zh"), on="group_id")
    pairs = pairs.filter(pl.col("group_id") != pl.col("enterprise_id"))
    assert pairs.filter(word("name_zh") == word("head_zh")).height < 0.1 * pairs.height
    assert not world(TWO_BLOCKS)["register_entry"]["borrower_name"].str.ends_with("（集团）").any()


def test_an_entry_names_the_firm_or_its_group(firms):
    """Of entries of firms in a group the parameter's share names the group; of others none does."""
    share = scenario(NAME).params["register.group_named"]
    tables = history(TWO_BLOCKS, SEED, NAME)
    entry = tables["register_entry"]
    found = pl.DataFrame({"loan_id": entry["_attempt"], "shown": entry["borrower_name"]})
    notes = world(TWO_BLOCKS, SEED, NAME)["loan"].select("loan_id", "enterprise_id")
    firm = world(TWO_BLOCKS, SEED, NAME)["enterprise"].select("enterprise_id", "group_id", "name_zh")
    found = found.join(notes, on="loan_id").join(firm, on="enterprise_id")
    grouped = pl.col("shown").str.ends_with("（集团）")
    own = found.filter(~grouped)
    assert own.filter(pl.col("shown") != pl.col("name_zh")).is_empty()
    named = found.filter(grouped)
    assert named["group_id"].null_count() == 0
    assert named.filter(pl.col("shown").str.slice(0, 2) != word("name_zh")).is_empty()
    of_groups = found.filter(pl.col("group_id").is_not_null()).height
    assert of_groups > 500 and named.height / of_groups == pytest.approx(share, abs=0.06)
