"""What was known on a day: no later row, no later cell; `--from` and `--to` only cut by the day of the event."""

import polars as pl
import pytest

import sfbench
from sfbench.content import tables
from tests.world.shared import SEED, TINY, day, differing, frame, frames, key_of, world

SPECS = {name: content.spec for name, content in tables().items() if content.spec.published}
DAYS = ["2022-03-31", "2024-09-13", "2025-12-31"]


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    out = tmp_path_factory.mktemp("as_of") / "full"
    sfbench.generate(scale=TINY, seed=SEED, out=out)
    return out


def as_known(name, on):
    """The oracle: rows reported by the day, and cells whose own date has come, of the whole history."""
    spec, rows = SPECS[name], world(TINY)[name]
    if spec.known_on:
        rows = rows.filter(pl.col(spec.known_on) <= on)
    hidden = [
        pl.when(pl.col(column.known_on) <= on).then(pl.col(column.name)).alias(column.name)
        for column in spec.columns
        if column.known_on
    ]
    return rows.with_columns(hidden)


@pytest.mark.parametrize("on", DAYS)
def test_a_dataset_of_a_day_is_the_whole_one_as_known_on_that_day(on):
    made = frames(sfbench.generate(scale=TINY, seed=SEED, as_of=on))
    assert set(made) == set(SPECS)
    for name, table in made.items():
        assert not differing(as_known(name, day(on)), table), name


@pytest.mark.parametrize("on", DAYS)
def test_opening_the_whole_dataset_as_of_a_day_is_generating_as_of_it(on, full, tmp_path):
    sfbench.generate(scale=TINY, seed=SEED, as_of=on, out=tmp_path / "cut")
    later, own = sfbench.open(full, as_of=on), sfbench.open(tmp_path / "cut")
    for name in SPECS:
        key = ", ".join(key_of(name))
        a, b = (frame(c.sql(f'SELECT * FROM "{name}" ORDER BY {key}').to_arrow_table()) for c in (later, own))
        assert not differing(a, b), name


@pytest.mark.parametrize("name", [name for name, spec in SPECS.items() if spec.known_on])
def test_nothing_known_later_is_in_a_dataset_of_a_day(name):
    on = day("2025-12-31")
    made = frame(sfbench.generate(scale=TINY, seed=SEED, as_of=on, tables=[name])[name])
    spec = SPECS[name]
    assert made.height > 0
    assert made.filter(pl.col(spec.known_on) > on).is_empty()
    for column in {column.known_on for column in spec.columns if column.known_on}:
        assert made.filter(pl.col(column) > on).is_empty(), column
        dependent = [c.name for c in spec.columns if c.known_on == column]
        unknown = made.filter(pl.col(column).is_null())
        assert all(unknown[cell].null_count() == unknown.height for cell in dependent)


def test_references_hold_on_every_day():
    """What is known refers only to what is known."""
    made = frames(sfbench.generate(scale=TINY, seed=SEED, as_of="2024-09-13"))
    for name, spec in SPECS.items():
        for column in spec.columns:
            if column.references:
                parent, _, at = column.references.partition(".")
                missing = set(made[name][column.name].drop_nulls()) - set(made[parent][at])
                assert not missing, f"{name}.{column.name}"


def test_a_later_day_only_adds_rows():
    earlier, later = (as_known("loan_flow", day(on)) for on in DAYS[:2])
    key = key_of("loan_flow")
    assert earlier.height < later.height
    assert earlier.join(later, on=key, how="anti").is_empty()


def test_from_and_to_cut_by_the_day_of_the_event_and_by_nothing_else():
    since, until = "2023-05-10", "2024-08-20"
    made = frames(sfbench.generate(scale=TINY, seed=SEED, since=since, until=until))
    for name, spec in SPECS.items():
        rows = world(TINY)[name]
        if spec.event_on:
            rows = rows.filter(pl.col(spec.event_on).is_between(day(since), day(until)))
        assert not differing(rows, made[name]), name


def test_a_day_before_everything_gives_whole_but_empty_tables():
    made = sfbench.generate(scale=TINY, seed=SEED, as_of="1900-01-01", tables=["loan", "enterprise"])
    assert made["loan"].num_rows == made["enterprise"].num_rows == 0
    assert made["loan"].schema == sfbench.generate(scale=TINY, seed=SEED, tables=["loan"])["loan"].schema
