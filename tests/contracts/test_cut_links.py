"""Cutting a link by a parameter moves what hangs on it and nothing else.

tag -> credit (`credit.tag_lift`), distress -> default (`risk.distress_default`), size -> amount (`credit.size_amount`).
"""

import numpy as np
import polars as pl
import pytest

from tests.world.shared import IN_SCOPE, SEED, TWO_BLOCKS, differing, held_at, history, world

OF_BIRTH = ["district", "industry", "institution", "month", "product"]
NPL = ["FQ03", "FQ04", "FQ05"]
NEVER = 1 << 40


@pytest.fixture(scope="module")
def cut(tmp_path_factory):
    """`cut("credit.tag_lift")`: the same city without that link; with `history`, its unpublished tables."""
    folder = tmp_path_factory.mktemp("scenarios")

    def make(parameter, look=world):
        path = folder / f"no_{parameter.replace('.', '_')}.yaml"
        if not path.exists():
            words = f"title_zh: 断开\ntitle_en: Without {parameter}\ncaption: The link is cut.\n"
            path.write_text(f"extends: baseline\n{words}params:\n  {parameter}: 0\n", encoding="utf-8")
        return look(TWO_BLOCKS, SEED, str(path))

    return make


def of_firms(table, firms, notes):
    """Rows of a table that belong to these firms."""
    if "enterprise_id" in table.columns:
        return table.join(firms, on="enterprise_id", how="semi", maintain_order="left")
    return table.join(
        notes.join(firms, on="enterprise_id", how="semi"), on="loan_id", how="semi", maintain_order="left"
    )


def assert_same_for(firms, base, other):
    """Every table says the same of these firms, cell for cell."""
    for name in ("enterprise", "enterprise_tag", "credit_application", "loan", "loan_balance", "loan_flow"):
        a = of_firms(base[name], firms, base["loan"])
        b = of_firms(other[name], firms, other["loan"])
        assert a.height > 10, name
        assert not differing(a, b), name


def assert_same_arrays(a, b, names):
    for name in names:
        assert np.array_equal(a[name], b[name]), name


@pytest.mark.parametrize("link", ["credit.tag_lift", "risk.distress_default", "credit.size_amount"])
def test_a_cut_link_leaves_registers_and_births_alone(cut, link):
    base, other = world(), cut(link)
    for name in OF_BIRTH:
        assert not differing(base[name], other[name]), name
    born = base["enterprise"].columns
    later = ("first_credit_on", "dissolved_on", "listed_on", "first_ip_on")
    born = [name for name in born if name not in later]
    assert not differing(base["enterprise"].select(born), other["enterprise"].select(born))
    assert_same_arrays(history()["firm_state"], cut(link, history)["firm_state"], history()["firm_state"])


# tag -> credit


def approval_of_tagged(tables):
    """Share of decided requests approved, of firms that hold a tag in scope at the end of the month of the request."""
    asked = tables["credit_application"].filter(pl.col("decision").is_in(["approved", "refused"]))
    asked = asked.filter(pl.col("applied_on").dt.year() >= 2022)
    asked = asked.with_columns(month=pl.col("applied_on").dt.month_end())
    asked = asked.join(held_at(IN_SCOPE), on=["enterprise_id", "month"], how="semi")
    return (asked["decision"] == "approved").mean(), asked.height


def test_without_tag_lift_fewer_requests_of_tagged_firms_are_approved(cut):
    (base, count), (other, _) = approval_of_tagged(world()), approval_of_tagged(cut("credit.tag_lift"))
    lift = world_parameter("credit.tag_lift")
    noise = 3 * (0.25 / count) ** 0.5
    assert count > 300
    assert base - other > lift / 2 - noise > 0


def world_parameter(name):
    from sfbench.content import parameters

    return parameters()[name].value


def test_without_tag_lift_tags_growth_distress_and_default_stay(cut):
    assert not differing(world()["enterprise_tag"], cut("credit.tag_lift")["enterprise_tag"])
    assert_same_arrays(history()["firm_month"], cut("credit.tag_lift", history)["firm_month"], history()["firm_month"])


def test_without_tag_lift_a_firm_that_was_never_tagged_has_the_same_life(cut):
    tagged = world()["enterprise_tag"].filter("in_scope").select("enterprise_id")
    never = world()["enterprise"].select("enterprise_id").join(tagged, on="enterprise_id", how="anti")
    assert_same_for(never, world(), cut("credit.tag_lift"))


def test_without_tag_lift_a_chain_of_requests_is_the_same_up_to_the_first_other_decision(cut):
    """Which bank is asked for what depends on no lever; only the decision does, and only from approved to refused."""
    names = ["attempt", "row", "bank", "product", "tenor", "amount", "applied_on", "tagged", "decision"]
    a, b = (
        pl.DataFrame({name: found["credit_history"][name] for name in names})
        for found in (history(), cut("credit.tag_lift", history))
    )
    both = a.join(b, on="attempt", how="full", coalesce=True, suffix="_cut")
    both = both.with_columns(chain=pl.col("attempt") // 128).sort("attempt")
    other = (pl.col("decision").ne_missing(pl.col("decision_cut"))).cast(pl.Int64)
    both = both.with_columns(before=other.cum_sum().over("chain") - other)
    untouched = both.filter(pl.col("before") == 0)
    for name in ("row", "bank", "product", "tenor", "amount", "applied_on", "tagged"):
        assert untouched.filter(pl.col(name).ne_missing(pl.col(f"{name}_cut"))).is_empty(), name
    changed = untouched.filter(pl.col("decision") != pl.col("decision_cut"))
    assert changed.height > 10
    assert changed["tagged"].all()
    assert changed.select("decision", "decision_cut").unique().rows() == [(0, 1)]  # approved, then refused


# distress -> default


def test_without_default_nothing_is_overdue_written_off_or_transferred(cut):
    other = cut("risk.distress_default")
    assert world()["loan_balance"].filter(pl.col("overdue_days") > 0).height > 20
    stock = other["loan_balance"]
    assert stock.filter(
        (pl.col("overdue_days") > 0) | pl.col("grade").is_in(NPL) | (pl.col("status") == "LS03")
    ).is_empty()
    assert not {"write_off", "transfer", "recovery"} & set(other["loan_flow"]["kind"])
    assert other["bank_month"].filter(pl.col("npl_loans") != pl.col("npl_loans_other")).is_empty()


def test_without_default_growth_and_distress_stay(cut):
    a, b = history()["firm_month"], cut("risk.distress_default", history)["firm_month"]
    assert_same_arrays(a, b, ["growth", "revenue", "staff", "size", "rd_ratio", "distress"])
    assert (b["default_month"] == NEVER).all()
    spared = a["default_month"] == NEVER
    assert np.array_equal(a["exit_month"][spared], b["exit_month"][spared])


def defaulted():
    """Firms of the baseline's first block that default; the rest of the firms must be of that block, too."""
    found = history()
    firm = found["firm_state"]["firm"]
    ruined = found["firm_month"]["default_month"] != NEVER
    return pl.DataFrame({"enterprise_id": firm[ruined]}), pl.DataFrame({"enterprise_id": firm[~ruined]})


def test_without_default_a_firm_that_would_not_have_defaulted_has_the_same_life(cut):
    _, spared = defaulted()
    assert_same_for(spared, world(), cut("risk.distress_default"))


def test_without_default_a_firm_keeps_the_tags_won_before_it_would_have_left(cut):
    """Only an award after the loss-driven exit can differ: a firm that has gone wins no tag."""
    a, b = world()["enterprise_tag"], cut("risk.distress_default")["enterprise_tag"]
    key = ["enterprise_id", "tag", "valid_from"]
    ruined, _ = defaulted()
    exits = [
        pl.DataFrame({"enterprise_id": h["firm_state"]["firm"], name: h["firm_month"]["exit_month"]})
        for h, name in ((history(), "exit"), (cut("risk.distress_default", history), "exit_cut"))
    ]
    first = (
        exits[0]
        .join(exits[1], on="enterprise_id")
        .select("enterprise_id", earliest=pl.min_horizontal("exit", "exit_cut") // 12)
    )
    moved = pl.concat([a.join(b, on=key, how="anti"), b.join(a, on=key, how="anti")]).join(first, on="enterprise_id")
    moved = moved.join(ruined, on="enterprise_id", how="semi")
    assert moved.filter(pl.col("valid_from").dt.year() < pl.col("earliest")).is_empty()


# size -> amount


def size_and_amount(found):
    """Rank correlation within classes of a firm's size and the amount that it asks for on average."""
    state, asked = found["firm_state"], found["credit_history"]
    rows = pl.DataFrame(
        {"class": state["class"][asked["row"]], "row": asked["row"], "size": state["position"][asked["row"]]}
        | {"amount": asked["amount"].astype(float)}
    )
    firms = rows.group_by("class", "row").agg(pl.col("size").first(), pl.col("amount").mean())
    by_class = firms.group_by("class").agg(pl.len(), r=pl.corr("size", "amount", method="spearman"))
    by_class = by_class.filter(pl.col("len") > 60)
    return (by_class["r"] * by_class["len"]).sum() / by_class["len"].sum()


def test_without_size_large_firms_ask_for_no_more_than_small_ones_of_their_class(cut):
    assert size_and_amount(history()) > 0.3
    assert abs(size_and_amount(cut("credit.size_amount", history))) < 0.12


def test_without_size_tags_distress_and_defaults_stay(cut):
    assert not differing(world()["enterprise_tag"], cut("credit.size_amount")["enterprise_tag"])
    assert not differing(
        world()["enterprise"].drop("first_credit_on"), cut("credit.size_amount")["enterprise"].drop("first_credit_on")
    )
    assert_same_arrays(
        history()["firm_month"], cut("credit.size_amount", history)["firm_month"], history()["firm_month"]
    )
