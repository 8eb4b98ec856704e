"""A metric: the header of a `.sql` file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Component:
    """One figure of a metric. `additive` figures scale with the city: value_city = value / scale."""

    name: str
    unit: str
    additive: bool
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Need:
    """A table with the columns that a metric or mart reads, or a mart (no columns, or its month)."""

    name: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """What the header of `sfbench/metrics/<id>.sql` says; the body gives period, cut, cut_value, component, value."""

    id: str
    measure: int
    zh: str
    en: str
    components: tuple[Component, ...]
    cuts: tuple[str, ...]
    direction: str  # up | down | none
    period: str  # month | quarter | year
    needs: tuple[Need, ...]  # marts and tables that the body reads
    source: str  # the definition
    source_zh: str = ""  # the definition in Chinese; empty: not translated
    target: str = ""
    judged: tuple[str, ...] = ()  # components on whose totals the target is judged; empty: there is no target
    open: str = ""  # why figures of a closed period may change by later rows; empty: they do not
    step: str = ""  # name of a file of `metrics/steps/` through which the query's rows go
    sql: str = ""
    where: str = ""

    @property
    def query(self) -> str:
        """The SQL without the semicolon at its end, so that it can stand within another query."""
        return self.sql.rstrip().rstrip(";")
