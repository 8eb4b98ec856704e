"""The folder `truth/` of a dataset: its effects add up, its labels and its manifest give back what is observed."""

import dataclasses
import datetime
import json
import math

import duckdb
import polars as pl
import pyarrow as pa
import pytest

import sfbench
from sfbench.content import scenario
from sfbench.engines import generate
from sfbench.spec import NEVER, Cohort, Lever, Wish
from sfbench.store import manifest
from sfbench.world.plan import plan
from sfbench.world.reach import reach
from tests.world.shared import SEED, TINY, frame

SPILL = "s05_displacement"
CITY = 0.02  # areas that lend in every quarter
FEEDS = ["loan", "loan_balance", "bank_month", "register_entry", "guarantee"]


def truth(folder, name):
    return pl.read_parquet(folder / "truth" / f"{name}.parquet")


def table(folder, name):
    return pl.read_parquet(folder / "data" / name / "*.parquet")


@pytest.fixture(scope="module")
def moved(tmp_path_factory):
    """Three in ten areas lend more, those beside them less."""
    out = tmp_path_factory.mktemp("truth") / "world"
    sfbench.generate(SPILL, scale=CITY, seed=SEED, tables=["loan"], out=out, twin=True)
    return out


def test_the_effect_on_the_city_is_the_sum_of_the_effects_on_its_units(moved):
    """The lever moves lending to its own firms only, and every yuan of it is in a cell."""
    ours, twin = (table(folder, "loan")["amount_rmb"].sum() for folder in (moved, moved / "truth" / "twin"))
    cells = truth(moved, "cells")
    assert ours != twin and cells["tau"].sum() == ours - twin
    assert (cells["tau"] == cells["y1"] - cells["y0"]).all()


def test_cells_are_the_lending_to_the_firms_of_a_unit_in_a_month(moved):
    units = truth(moved, "units").select("enterprise_id", "unit")
    for name, folder in (("y1", moved), ("y0", moved / "truth" / "twin")):
        sums = (
            table(folder, "loan")
            .join(units, on="enterprise_id")
            .group_by("unit", pl.col("granted_on").dt.truncate("1mo").alias("period"))
            .agg(pl.col("amount_rmb").sum())
            .sort("unit", "period")
        )
        mine = truth(moved, "cells").filter(pl.col(name) != 0).sort("unit", "period")
        assert mine.select("unit", "period").equals(sums.select("unit", "period"))
        assert mine[name].to_list() == sums["amount_rmb"].to_list()


def test_no_effect_before_the_start_or_far_from_the_policy(moved):
    """Effects are where there is exposure: +10 % from the start on, -6 % next door; elsewhere the worlds are one."""
    cells = truth(moved, "cells").join(
        truth(moved, "units").select("unit", "starts_on", "near_on").unique(), on="unit", validate="m:1"
    )
    start = datetime.date(2025, 7, 1)
    expected = (
        pl.when(pl.col("period") < start)
        .then(0.0)
        .when(pl.col("starts_on").is_not_null())
        .then(0.105)
        .when(pl.col("near_on").is_not_null())
        .then(-0.06)
        .otherwise(0.0)
    )
    assert (cells["exposure"] == cells.select(e=expected)["e"]).all()
    assert set(cells["exposure"].unique()) == {0.0, 0.105, -0.06}
    assert (cells.filter(pl.col("exposure") == 0)["tau"] == 0).all()
    by = cells.filter(pl.col("tau") != 0).group_by(pl.col("exposure") > 0).agg(pl.col("tau").sum()).sort("exposure")
    assert [total > 0 for total in by["tau"]] == [False, True]


def test_estimands_are_means_over_the_cells_that_they_name(moved):
    """Worked out again in polars: quarters of the question's span, areas with an amount in each."""
    whole = (
        truth(moved, "cells")
        .filter(pl.col("period").is_between(datetime.date(2024, 1, 1), datetime.date(2026, 12, 31)))
        .group_by("unit", pl.col("period").dt.truncate("1q").alias("quarter"))
        .agg(pl.col("y0", "y1").cast(pl.Float64).sum(), pl.col("treated").any())
        .filter((pl.col("y0").min().over("unit") > 0) & (pl.col("y1").min().over("unit") > 0))
        .filter(pl.len().over("unit") == 12)
        .filter("treated")
        .with_columns(effect=(pl.col("y1") / pl.col("y0")).log())
    )
    found = {row["estimand"]: row for row in truth(moved, "estimands").to_dicts()}
    assert whole.height > 20 and found["att"]["cells"] == whole.height
    assert found["att"]["value"] == pytest.approx(whole["effect"].mean(), abs=1e-12)
    for number, (quarter, mean) in enumerate(
        whole.group_by("quarter").agg(pl.col("effect").mean()).sort("quarter").iter_rows()
    ):
        name = f"{quarter.year}Q{(quarter.month + 2) // 3}"
        assert found[f"att_gt/2025-07/{name}"]["value"] == pytest.approx(mean, abs=1e-12)
        assert found[f"att_es/{number}"]["value"] == pytest.approx(mean, abs=1e-12)
    assert 0.5 * math.log(1.105) < found["att"]["value"] < 1.05 * math.log(1.105)
    total = float(truth(moved, "cells")["tau"].sum())
    assert found["total"]["value"] == total and found["total"]["net_of_spillover"]
    assert found["total_treated"]["value"] > total  # what neighbours lost is not in it
    assert not found["total_treated"]["net_of_spillover"]


def test_units_are_whom_the_lever_is_made_for_and_what_they_are(moved):
    wish = plan(SPILL, scale=CITY, seed=SEED)
    reached = reach(wish, wish.scenario.levers[0])
    mine, units = reached["eligible"], truth(moved, "units")
    assert units["enterprise_id"].to_list() == reached["firm"][mine].tolist()
    assert units["starts_on"].is_null().to_list() == (reached["start"][mine] == NEVER).tolist()
    assert units["latent_quality"].to_list() == reached["quality"][mine].tolist()
    assert set(units["true_kind"].unique()) == {"tech"} and units["gaming"].is_null().all()


def test_banks_that_relabel_are_named_and_lend_nothing_more(tmp_path):
    """S12: half of the scheme's banks report other loans as tech. The label of what is real is not theirs to change."""
    sfbench.generate("s12_relabelling", scale=TINY, seed=SEED, tables=["loan"], out=tmp_path / "out", twin=True)
    units, cells = truth(tmp_path / "out", "units"), truth(tmp_path / "out", "cells")
    games = units["gaming"] == "flag_against_attribute"
    assert 0 < games.fill_null(False).sum() < units["starts_on"].is_not_null().sum() < units.height
    assert cells.height > 100 and (cells["tau"] == 0).all()
    labels = truth(tmp_path / "out", "labels")
    loans = table(tmp_path / "out", "loan").with_columns(pl.col("loan_id").cast(pl.Int64))
    hit = labels["key"].str.json_path_match("$.loan_id").cast(pl.Int64)
    assert hit.len() > 0
    banks = loans.filter(pl.col("loan_id").is_in(hit.to_list()))["institution_id"].unique()
    assert set(banks) <= set(units.filter(games)["institution_id"])


def test_cells_are_of_what_is_true_and_not_of_what_is_reported(tmp_path):
    """Amounts in a wrong unit, rows lost and doubled: the effect is that of the same scenario with sound reports."""
    faults = [
        "{fault: unit_x10000, table: loan, columns: amount_rmb, rate: 0.1}",
        "{fault: lost_row, table: loan, rate: 0.1}",
        "{fault: duplicate_changed_id, table: loan, rate: 0.1}",
    ]
    mine = tmp_path / "mine.yaml"
    lines = "".join(f"  - {fault}\n" for fault in faults)
    mine.write_text(
        f"title_zh: 甲\ntitle_en: A\ncaption: A test.\nextends: s05_displacement\nfaults:\n{lines}", "utf-8"
    )
    for name, world in (("sound", "s05_displacement"), ("faulty", str(mine))):
        sfbench.generate(world, scale=TINY, seed=SEED, tables=["loan"], out=tmp_path / name, twin=True)
    reported = [table(tmp_path / name, "loan")["amount_rmb"].sum() for name in ("sound", "faulty")]
    assert reported[1] > 2 * reported[0]
    assert truth(tmp_path / "faulty", "cells").equals(truth(tmp_path / "sound", "cells"))


def test_links_say_which_note_every_entry_of_a_register_is_of(tmp_path):
    """Where the register wrote the note's code, the link can be checked against it."""
    tables = ["loan", "register_entry"]
    sfbench.generate(scale=TINY, seed=SEED, tables=tables, out=tmp_path / "out")
    links, loans = truth(tmp_path / "out", "links"), table(tmp_path / "out", "loan")
    entries = table(tmp_path / "out", "register_entry")
    assert links["register_pk"].to_list() == entries["entry_id"].to_list()
    assert set(links["register"]) == {"register_entry"} and set(links["entity"]) == {"loan"}
    known = entries.join(links, left_on="entry_id", right_on="register_pk").join(
        loans, left_on="entity_id", right_on="loan_id", suffix="_of_note"
    )
    assert known.height == entries.height and known["note_code"].is_not_null().sum() > 50
    assert known.filter(pl.col("note_code") != pl.col("note_code_of_note")).is_empty()
    assert not (tmp_path / "out" / "data" / "register_link").exists()


def test_missing_names_the_reports_that_did_not_come_and_what_they_would_have_said(tmp_path):
    """S18 withholds by what the report would have said: missing not at random."""
    wanted = ["bank_month"]
    sfbench.generate("s18_withheld_reports", scale=TINY, seed=SEED, tables=wanted, out=tmp_path / "out")
    clean = sfbench.generate(scale=TINY, seed=SEED, tables=wanted)["bank_month"]
    key = ["institution_id", "month", "reporting_scope", "scope_version"]
    due, came = frame(clean), frame(duckdb.sql(f"FROM '{tmp_path}/out/data/bank_month/*.parquet'").to_arrow_table())
    lost = due.join(came, on=key, how="anti")
    missing = truth(tmp_path / "out", "missing")
    assert missing.height == lost.height > 0 and set(missing["mechanism"]) == {"MNAR"}
    assert sorted(missing["period"]) == sorted(lost["month"]) == sorted(missing["due_on"])
    said = missing["true_value"].str.json_path_match("$.npl_loans").cast(pl.Decimal(18, 2)).sum()
    assert said * 100 == lost["npl_loans"].sum()


@pytest.mark.parametrize(("depends", "why"), [("none", "MCAR"), ("bank", "MAR"), ("value", "MNAR")])
def test_a_lost_row_is_missing_for_what_its_chance_depends_on(tmp_path, depends, why):
    fault = f"  - {{fault: lost_row, table: loan, rate: 0.1, depends_on: {depends}}}\n"
    mine = tmp_path / "mine.yaml"
    mine.write_text("title_zh: 甲\ntitle_en: A\ncaption: A test.\nextends: baseline\nfaults:\n" + fault, "utf-8")
    sfbench.generate(str(mine), scale=TINY, seed=SEED, tables=["loan"], out=tmp_path / "out")
    missing = truth(tmp_path / "out", "missing")
    assert missing.height > 0 and set(missing["mechanism"]) == {why}


def test_the_reported_tables_are_the_clean_ones_with_their_labels_and_nothing_else(tmp_path):
    """Labels put on by hand, in polars: cells set, rows lost, added and moved; what comes out is what is observed.

    The world is of one block, so that a label's row is the table's.
    """
    out = tmp_path / "out"
    sfbench.generate("dirty_feeds", scale=TINY, seed=SEED, tables=FEEDS, out=out)
    clean, labels, touched = sfbench.generate(scale=TINY, seed=SEED, tables=FEEDS), truth(out, "labels"), set()
    for name in FEEDS:
        mine = labels.filter((pl.col("table") == name) & ~pl.col("decoy"))
        touched |= {name} if mine.height else set()
        assert replanted(texts(clean[name]), mine).equals(texts(table(out, name)), null_equal=True), name
    assert len(touched) >= 3


def texts(rows):
    """Every cell as an export shows it."""
    return pl.DataFrame(pl.from_arrow(rows) if isinstance(rows, pa.Table) else rows).with_columns(
        pl.all().cast(pl.String)
    )


def replanted(clean, labels):
    """The clean rows as text with the labels put on."""
    whole = labels.filter(pl.col("column").is_null())
    lost = whole.filter(pl.col("planted_row").is_null())["row"].to_list()
    moved = whole.filter(pl.col("row").is_not_null() & pl.col("planted_row").is_not_null())
    added = whole.filter(pl.col("row").is_null())
    rows = clean.with_row_index("at")
    for column, cells in labels.filter(pl.col("column").is_not_null()).group_by("column"):
        new = dict(zip(cells["row"], cells["planted_value"], strict=True))
        values = rows[column[0]].to_list()
        values = [new.get(at, value) for at, value in enumerate(values)]
        rows = rows.with_columns(pl.Series(column[0], values, pl.String))
    standing = rows.filter(~pl.col("at").is_in([*lost, *moved["row"].to_list()])).drop("at").to_dicts()
    given = {row["planted_row"]: json.loads(row["planted_value"]) for row in added.to_dicts()}
    placed = rows.drop("at").to_dicts()
    given |= {row["planted_row"]: placed[row["row"]] for row in moved.to_dicts()}
    queue, out = iter(standing), []
    for at in range(len(standing) + len(given)):
        out.append(given[at] if at in given else next(queue))
    return pl.DataFrame(out, schema=clean.schema)


def test_the_private_manifest_holds_all_that_decides_the_data(tmp_path):
    """Parameters, levers, reporting faults and seed of truth/manifest.json alone give the same tables."""
    tables = ["loan", "bank_month"]
    made = sfbench.generate("s12_relabelling", scale=TINY, seed=SEED, tables=tables, out=tmp_path / "out").manifest
    told = json.loads((tmp_path / "out" / "truth" / "manifest.json").read_text(encoding="utf-8"))
    world = dataclasses.replace(
        scenario("baseline"),
        params=told["params"],
        levers=tuple(map(lever, told["levers"])),
        faults=tuple(Wish(**wish) for wish in told["faults"]),
    )
    again = generate(plan(world, scale=told["scale"], seed=told["seed"], tables=tuple(tables)), tmp_path / "again")
    assert again.fingerprint == made.fingerprint
    stated = {name: manifest.fingerprint({name: entry}) for name, entry in made.tables.items()}
    assert told["observable_sha256"] == stated and told["variant"] == "main"


def lever(told):
    cohorts = tuple(Cohort(**cohort) for cohort in told["cohorts"])
    most = math.inf if told["most"] is None else told["most"]
    return Lever(**told | {"cohorts": cohorts, "most": most, "before": tuple(told["before"])})
