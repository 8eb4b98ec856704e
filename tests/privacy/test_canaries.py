"""Planted firms: a copy that repeats what it learned sings of them, one that draws each column alone does not."""

import numpy as np
import pytest

import sfbench
from sfbench import privacy
from sfbench.privacy.canaries import plant, sing
from sfbench.synth import source
from sfbench.synth.methods import method_named
from tests.privacy.conftest import TABLES

NUMBER = 200


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("canaries") / "city"
    sfbench.generate("baseline", scale=0.004, seed=71, tables=TABLES, out=folder)
    tables = source.read(folder, ["enterprise", "loan"]).learned
    return tables, *plant(tables, NUMBER, seed=1)


def heard(planted, copy):
    tables, whole, decoys = planted
    frame = privacy.firms(whole)
    canaries = frame.take(np.arange(frame.rows - NUMBER, frame.rows))
    return sing(canaries, privacy.firms(decoys), copy, privacy.firms(tables))


def test_they_stand_behind_the_firms_of_the_original(planted):
    tables, whole, decoys = planted
    before, after = tables["enterprise"], whole["enterprise"]
    assert after.rows == before.rows + NUMBER and decoys["enterprise"].rows == NUMBER
    assert after.columns.slice(0, before.rows).equals(before.columns)


def test_the_tables_are_learned_as_without_them(planted):
    tables, whole, decoys = planted
    for name, table in tables.items():
        said = (table.derived, table.given, table.one)
        assert [(one.derived, one.given, one.one) for one in (whole[name], decoys[name])] == [said, said]
    assert tables["loan"].one and tables["loan"].given


def test_each_of_their_values_is_one_of_the_original(planted):
    tables, whole, _ = planted
    for name in tables["enterprise"].columns.column_names:
        known = set(tables["enterprise"].columns[name].to_pylist())
        assert set(whole["enterprise"].columns[name].to_pylist()) <= known


def test_a_copy_that_repeats_sings(planted):
    assert heard(planted, privacy.firms(planted[1])).risk_low > 0.5


def test_a_copy_that_draws_each_column_alone_does_not(planted):
    method = method_named("independent")
    parts = method.fit(planted[1], dict(method.options))
    drawn = method.draw(parts, {"enterprise": planted[1]["enterprise"].rows}, 3)
    assert heard(planted, privacy.firms(drawn)).risk_low < 0.05
