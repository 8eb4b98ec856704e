"""Where the page of a thing stands."""

from __future__ import annotations

from website.reference.markdown import link

TABLES, METRICS, SCENARIOS = "reference/tables/index.md", "reference/metrics/index.md", "reference/scenarios.md"
SUITES, FAULTS, PARAMETERS = "reference/suites.md", "reference/faults.md", "reference/parameters.md"
BENCH, PRESETS, PYTHON = "reference/bench.md", "reference/assess.md", "reference/python.md"
COMMANDS, COMMANDS_ZH = "reference/cli.md", "reference/cli.zh.md"


def of_table(name: str) -> str:
    """The page of a table."""
    return f"reference/tables/{name}.md"


def of_measure(number: int) -> str:
    """The page of the metrics of a measure of the plan."""
    return f"reference/metrics/measure-{number:02}.md"


def to_table(here: str, name: str) -> str:
    """A link to a table."""
    return link(here, of_table(name), f"`{name}`")


def to_metric(here: str, name: str, measure: int) -> str:
    """A link to a metric."""
    return link(here, of_measure(measure), f"`{name}`", name)


def to_measure(here: str, number: int) -> str:
    """A link to a measure."""
    return link(here, of_measure(number), str(number))
