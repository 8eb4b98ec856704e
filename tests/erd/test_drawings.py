"""The drawings show every published table, key and reference, and nothing else."""

import xml.etree.ElementTree as ET

import pytest

from sfbench.content import tables
from sfbench.erd import mermaid, svg
from sfbench.erd.diagram import layers, neighbourhood, references

PUBLISHED = {name: table.spec for name, table in tables().items() if table.spec.published}
DECLARED = [
    (name, column.name, column.references) for name, t in PUBLISHED.items() for column in t.columns if column.references
]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_svg_is_well_formed_and_names_every_table_in_the_wished_language(lang):
    root = ET.fromstring(svg(PUBLISHED, lang))
    words = {node.text for node in root.iter("{http://www.w3.org/2000/svg}text")}
    for name, table in PUBLISHED.items():
        assert {name, getattr(table, lang)} <= words


def test_the_svg_has_a_curve_for_every_reference_and_loads_nothing():
    root = ET.fromstring(svg(PUBLISHED))
    curves = [path[0].text for path in root.iter("{http://www.w3.org/2000/svg}path")]
    assert sorted(curves) == sorted(f"{child}.{column} → {parent}" for child, column, parent in DECLARED)
    assert "href" not in svg(PUBLISHED) and "url(" not in svg(PUBLISHED)


def test_mermaid_has_a_line_for_every_reference():
    lines = mermaid(PUBLISHED).splitlines()
    assert lines[0] == "erDiagram"
    assert sum("--" in line for line in lines) == len(DECLARED)
    assert sum(line.endswith("{") and "--" not in line for line in lines) == len(PUBLISHED)


def test_a_table_stands_right_of_all_that_it_refers_to():
    place = {name: depth for depth, row in enumerate(layers(PUBLISHED)) for name in row}
    assert set(place) == set(PUBLISHED)
    assert all(place[r.parent] < place[r.child] for r in references(PUBLISHED) if r.parent != r.child)


def test_a_neighbourhood_is_the_table_with_its_parents_and_children():
    near = neighbourhood(PUBLISHED, "loan")
    assert {"loan", "enterprise", "loan_balance"} <= set(near) and "district" not in near
