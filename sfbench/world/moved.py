"""What levers move in a block: the tables that ask for what a lever changes, and those that read one of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sfbench.kit import Params
from sfbench.spec import Table
from sfbench.world.levers import Effect


class Moved:
    """Names of the moved tables, as far as they are made. All others are the same with the levers off."""

    def __init__(self) -> None:
        self.tables: set[str] = set()
        self._asked = False

    def watched(self, params: Params) -> Params:
        """The same parameters; who asks for one that a lever changes is noticed."""
        return replace(params, effects={name: self._noticed(effect) for name, effect in params.effects.items()})

    def note(self, table: Table) -> None:
        """The table has just been made."""
        if self._asked or not self.tables.isdisjoint(table.needs):
            self.tables.add(table.name)
        self._asked = False

    def _noticed(self, effect: Effect) -> Effect:
        def noticed(value: Any, unit: Any, month: Any) -> Any:
            self._asked = True
            return effect(value, unit, month)

        return noticed
