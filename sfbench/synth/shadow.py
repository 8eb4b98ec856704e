"""A copy's method fitted again to a few held-out firms: what an attacker who can run it does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sfbench.errors import SfbenchError
from sfbench.privacy import Frame, Refit, firms
from sfbench.synth import split
from sfbench.synth.learned import Ints, Learned
from sfbench.synth.methods import method_named


def refit(unseen: Mapping[str, Learned], said: Mapping[str, Any]) -> Refit:
    """Fits the method that a copy's manifest names, with its options, to firms of `unseen` and draws as many.

    Raises SfbenchError for a method or an option that is not known. Keys and identities are not put on: attacks look at
    what is learned. What it returns raises SfbenchError where the method does not work on so few firms, or is missing.
    """
    method = method_named(str(said.get("method", "")))
    given = said.get("options", {}).items()
    options = method.settings({name: value for name, value in given if value != method.options.get(name)})

    def again(rows: Ints, seed: int) -> Frame:
        few = split.of_firms(unseen, rows)
        tops = {name: table.rows for name, table in few.items() if not table.parent}
        try:
            return firms(method.draw(method.fit(few, options), tops, seed))
        except SfbenchError:
            raise
        except Exception as error:  # others' code (SDV, mbi) raises what it likes on a few rows
            why = f"{type(error).__name__}: {error}"
            raise SfbenchError(f"{method.name} cannot be fitted to so few firms", why=why) from error

    return again
