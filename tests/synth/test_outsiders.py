"""What outsiders may know of a firm that a recipe learns: at least what its declaration calls quasi-identifiers."""

import pytest

from sfbench import privacy
from sfbench.store.read import published
from sfbench.synth import recipe, source

TOPS = [name for name in recipe.names() if not recipe.recipe(name).parent]


@pytest.mark.parametrize("top", TOPS)
def test_outsiders_know_all_declared_quasi_identifiers_that_are_learned(confidential, top):
    learned = set(source.read(confidential, [top]).learned[top].columns.column_names)
    known = set(recipe.recipe(top).outsiders_know)
    declared = [column for column in published()[top].columns if column.privacy == "quasi"]
    for column in declared:
        stands_for = {column.name} & learned or {n for n in learned if n.startswith(column.name.removesuffix("on"))}
        assert stands_for <= known and (stands_for or column.name == "postcode")  # postcodes are made anew
    assert declared and known <= learned


def test_the_card_asks_of_what_outsiders_know(confidential):
    from sfbench.synth.report import quasi_identifiers

    read = source.read(confidential, ["enterprise", "loan", "loan_balance"])
    known = quasi_identifiers(read, "enterprise", own=False)
    frame = privacy.firms(read.learned)
    assert known == recipe.recipe("enterprise").outsiders_know
    assert privacy.case(frame, frame, frame, quasi=known).quasi == known
