"""Parses the head of a `.sql` file of metrics or marts: comment lines `-- key: value`, continued by `--   more`.

Keys of a metric: id, measure, zh, en, period, component (one line each: name | unit | additive or not
additive | zh | en), cuts, direction, target (optional), judged (optional: the components on whose totals it is judged;
the first one without this line), source (the definition), source_zh (optional: the same in
Chinese, whose lines are joined without a blank), needs, step (optional: a file of `steps/` that turns
the query's rows into figures where SQL does not reach), open (optional: why rows dated after the last closed period
change its figures; a cache then serves it only if nothing it reads has changed). Keys of a mart: id, grain, caption,
needs, incremental (optional: its month-end column; rows of a month follow from rows dated up to it, and the table
`month` limits them), period (optional, of an incremental mart: the column holds only ends of quarters or of years that
have closed), sliced (optional: why; the mart is not kept but built from the first month on that its readers ask for),
only (optional, `loan.loan_id in loan_balance`: all rows of the first table are of use only where the second names them,
so for a new month it is cut to those that the new rows name), optional (what it can be built without: `green from
loan(green)` reads null where the dataset lacks that, and only a metric whose query names the mart's column `green` then
has no figures; a table or mart without `from` is empty, and its lack is told by the metrics that read it themselves).
`needs` lists tables with the columns that are read, `loan(loan_id, green)`, and marts by their bare names; a mart that
is incremental or sliced and says `customer_peak(month)` of a mart gets, like of a table, only the months that are new.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from sfbench.errors import SfbenchError, did_you_mean, raise_all
from sfbench.folders import read_text
from sfbench.metrics.mart import Mart, Only, Spare
from sfbench.metrics.steps import step
from sfbench.metrics.targets import parse_target
from sfbench.spec import Component, Metric, Need

_LINE = re.compile(r"--\s(\w+):\s*(.*)")
_TABLE = r"(?P<name>\w+)\s*(?:\((?P<columns>[^()]*)\))?\s*(,|$)"
_NEED = re.compile(rf"\s*(?P<output>){_TABLE}")
_SPARE = re.compile(rf"\s*(?:(?P<output>\w+(?: and \w+)*) from )?{_TABLE}")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_METRIC_KEYS = (
    "id",
    "measure",
    "zh",
    "en",
    "period",
    "component",
    "cuts",
    "direction",
    "target",
    "judged",
    "source",
    "source_zh",
    "needs",
    "step",
    "open",
)
_MART_KEYS = ("id", "grain", "caption", "needs", "incremental", "period", "sliced", "only", "optional")
_OPTIONAL = ("target", "judged", "source_zh", "step", "open", "incremental", "sliced", "only", "optional")
_DIRECTIONS = ("up", "down", "none")
_PERIODS = ("month", "quarter", "year")
_ADDITIVE = {"additive": True, "not additive": False}


class _Head:
    """The key lines of one file; collects its errors with their lines."""

    def __init__(self, path: Path, keys: tuple[str, ...], optional: tuple[str, ...] = _OPTIONAL) -> None:
        self.path = path
        self.sql = read_text(path)
        self.errors: list[SfbenchError] = []
        self.lines: dict[str, list[tuple[int, str]]] = {}
        key = ""
        for number, line in enumerate(self.sql.splitlines(), 1):
            if not line.startswith("--"):
                break
            if found := _LINE.fullmatch(line):
                key = found[1]
                if key not in keys:
                    self.error(number, f"unknown header key {key!r}", fix=did_you_mean(key, keys))
                elif key in self.lines and key != "component":
                    self.error(number, f"the header says {key!r} twice", fix="keep one of the lines")
                self.lines.setdefault(key, []).append((number, found[2].strip()))
            elif line.startswith("--   ") and key:
                first, text = self.lines[key][-1]
                blank = "" if key == "source_zh" else " "
                self.lines[key][-1] = (first, f"{text}{blank}{line[5:].strip()}")
            else:
                self.error(
                    number, "not a header line", why=line, fix="write `-- key: value`, continue with `--   more`"
                )
        for missing in (k for k in keys if k not in self.lines and k not in optional):
            self.error(1, f"the header lacks {missing!r}", fix=f"add a line `-- {missing}: ...`")
        if not re.sub(r"(?m)--.*$", "", self.sql).strip(" \n;"):
            self.error(1, "the file holds no query", fix="write one SELECT under the header")

    def error(self, line: int, what: str, *, why: str = "", fix: str = "") -> None:
        self.errors.append(SfbenchError(what, where=f"{self.path}:{line}", why=why, fix=fix))

    def text(self, key: str) -> str:
        """Value of a key; empty if the file lacks it (which is an error already)."""
        line, value = self.lines.get(key, [(0, "")])[0]
        if line and not value:
            self.error(line, f"{key!r} is empty")
        return value

    def id(self) -> str:
        value = self.text("id")
        if value and (value != self.path.stem or not _NAME.fullmatch(value)):
            why = f"the file is called {self.path.stem!r}"
            fix = "use one name of small letters, digits and underscores for both"
            self.error(self.lines["id"][0][0], f"id {value!r} does not fit the file", why=why, fix=fix)
        return value

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self.text(key)
        if value and value not in allowed:
            self.error(self.lines[key][0][0], f"{key} {value!r} is unknown", fix=did_you_mean(value, allowed))
        return value

    def checked(self, key: str, check: Callable[[str], object]) -> str:
        """The value, with the ValueError or SfbenchError that `check` raises turned into an error of this line."""
        value = self.text(key)
        if value:
            try:
                check(value)
            except (ValueError, SfbenchError) as error:
                what = error.what if isinstance(error, SfbenchError) else f"{key} {value!r} is not a whole number"
                self.error(self.lines[key][0][0], what, fix=getattr(error, "fix", ""))
        return value

    def needs(self) -> tuple[Need, ...]:
        return tuple(need for _, need in self._listed("needs", _NEED, "table(column, column), mart"))

    def optional(self, needs: tuple[Need, ...]) -> tuple[Spare, ...]:
        """What of the needs the file can do without."""
        if "optional" not in self.lines:
            return ()
        listed = self._listed("optional", _SPARE, "made and also_made from table(column, column), mart")
        found = [Spare(output, need) for outputs, need in listed for output in outputs.split(" and ")]
        named = {need.name for need in needs} | {f"{need.name}.{column}" for need in needs for column in need.columns}
        marts = {need.name for need in needs if need.columns in {(), ("month",)}}
        for _, need in found:
            columns = () if need.name in marts else need.columns
            for name in {need.name, *(f"{need.name}.{column}" for column in columns)} - named:
                what, fix = f"{name!r} is optional, but `needs` lacks it", did_you_mean(name, named)
                self.error(self.lines["optional"][0][0], what, fix=fix)
        return tuple(found)

    def _listed(self, key: str, pattern: re.Pattern[str], form: str) -> list[tuple[str, Need]]:
        text, found, at = self.text(key), list[tuple[str, Need]](), 0
        while at < len(text):
            match = pattern.match(text, at)
            if not match:
                what = f"`{key}` cannot be read"
                self.error(self.lines[key][0][0], what, why=text[at:].strip(), fix=f"write `{form}`")
                break
            columns = tuple(c.strip() for c in (match["columns"] or "").split(",") if c.strip())
            found.append((match["output"] or "", Need(match["name"], columns)))
            at = match.end()
        return found

    def components(self) -> tuple[Component, ...]:
        found: list[Component] = []
        for line, text in self.lines.get("component", []):
            fields = [field.strip() for field in text.split("|")]
            if len(fields) != 5 or not all(fields):
                fix = "write name | unit | additive or not additive | zh | en"
                self.error(line, f"the component has {sum(map(bool, fields))} of 5 fields", why=text, fix=fix)
            elif fields[2] not in _ADDITIVE:
                self.error(line, f"a component is additive or not additive, not {fields[2]!r}")
            elif fields[0] in (c.name for c in found):
                self.error(line, f"two components are called {fields[0]!r}")
            else:
                found.append(Component(fields[0], fields[1], _ADDITIVE[fields[2]], fields[3], fields[4]))
        return tuple(found)

    def judged(self, components: tuple[Component, ...]) -> tuple[str, ...]:
        """The components that the target is for, in their order."""
        names = [component.name for component in components]
        if "judged" not in self.lines:
            return tuple(names[:1])
        wanted = [name.strip() for name in self.text("judged").split(",")]
        for name in wanted:
            if name not in names:
                what = f"the target is judged on an unknown component {name!r}"
                self.error(self.lines["judged"][0][0], what, fix=did_you_mean(name, names))
        return tuple(name for name in names if name in wanted)

    def cuts(self) -> tuple[str, ...]:
        cuts = tuple(c.strip() for c in self.text("cuts").split(",") if c.strip())
        for cut in cuts:
            if not all(_NAME.fullmatch(part) for part in cut.split("*")):
                self.error(self.lines["cuts"][0][0], f"{cut!r} is not a cut", fix="write names, a cross as a*b")
        return cuts


def parse_metric(path: Path) -> Metric:
    """The metric of a `.sql` file; raises all errors of its header at once, each with file:line."""
    head = _Head(path, _METRIC_KEYS)
    metric_id, measure, components, cuts = (head.id(), head.checked("measure", int), head.components(), head.cuts())
    target = head.checked("target", parse_target)
    if target and cuts and "total" not in cuts:
        head.error(head.lines["target"][0][0], "a target is judged on the cut 'total', which `cuts` lacks")
    metric = Metric(
        id=metric_id,
        measure=int(measure) if measure.isdigit() else -1,
        zh=head.text("zh"),
        en=head.text("en"),
        components=components,
        cuts=cuts,
        direction=head.choice("direction", _DIRECTIONS),
        period=head.choice("period", _PERIODS),
        needs=head.needs(),
        source=head.text("source"),
        source_zh=head.text("source_zh"),
        target=target,
        judged=head.judged(components) if target else (),
        open=head.text("open"),
        step=head.checked("step", step),
        sql=head.sql,
        where=str(path),
    )
    raise_all(head.errors)
    return metric


def parse_mart(path: Path) -> Mart:
    """The mart of a `.sql` file; raises all errors of its header at once, each with file:line."""
    head = _Head(path, _MART_KEYS, (*_OPTIONAL, "period"))
    only, needs = head.checked("only", _only), head.needs()
    mart = Mart(
        id=head.id(),
        grain=head.text("grain"),
        caption=head.text("caption"),
        needs=needs,
        sql=head.sql,
        where=str(path),
        incremental=head.text("incremental"),
        period=head.choice("period", _PERIODS) or "month",
        sliced=head.text("sliced"),
        only=_only(only) if only and not head.errors else None,
        optional=head.optional(needs),
    )
    if mart.only and not _reads(mart, mart.only):
        head.error(head.lines["only"][0][0], "`only` names columns that `needs` does not, or no new months")
    if mart.sliced and mart.incremental:
        fix = "keep one of the lines"
        head.error(head.lines["sliced"][0][0], "a mart is kept (incremental) or sliced, not both", fix=fix)
    if "period" in head.lines and not mart.incremental:
        fix = "name the column: `-- incremental: quarter`"
        head.error(head.lines["period"][0][0], "only an incremental mart has a period", fix=fix)
    raise_all(head.errors)
    return mart


def _only(text: str) -> Only:
    found = re.fullmatch(r"(\w+)\.(\w+) in (\w+)", text)
    if not found:
        raise SfbenchError("`only` reads `table.column in table`", fix="e.g. `-- only: loan.loan_id in loan_balance`")
    return Only(*found.groups())


def _reads(mart: Mart, only: Only) -> bool:
    columns = {need.name: {*need.columns} for need in mart.needs}
    named = only.column in columns.get(only.table, ()) and {only.column, "month"} <= columns.get(only.by, set())
    return named and bool(mart.incremental or mart.sliced)
