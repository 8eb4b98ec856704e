"""`linked`: parents first, children given their parents, each column given what was drawn before it.

A table's columns are codes (`sfbench.synth.columns`), each drawn from counts given at most four earlier columns of
the row or of its parents (`sfbench.synth.network`). A parent carries the number and the means of its children
(`sfbench.synth.summaries`), so counts, concentration and tails are drawn with the parent and handed down. What is true
of one child of a parent (the note by which a firm falls) is not drawn but given to one, before its other columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sfbench.synth import network, scales
from sfbench.synth.columns import COARSE, LARGE, Coding, Ints, decode, encode, from_raw, raw, step
from sfbench.synth.columns import fit as fit_column
from sfbench.synth.learned import Derived, Learned, Tables, ancestors, children, with_units
from sfbench.synth.network import Depth, Node, Predictor
from sfbench.synth.parts import Parts
from sfbench.synth.streams import stream
from sfbench.synth.summaries import PREFIX, TOTAL, count_name, mean_of_total, summarise, to_total, total_name

ABOUT = "parent first, children given the parent; kept are values, and contexts of counts, that at least k firms share"
ABOUT_ZH = "先父后子，子记录以父记录为条件；只保留至少k家企业共有的取值与计数条件"
OPTIONS = {"k": 10}


def fit(tables: Tables, options: Mapping[str, Any]) -> Parts:
    """Counts of every column given the best earlier ones. `k`: the fewest firms that a kept cell rests on."""
    k = int(options["k"])
    full = with_units(summarised(tables).values())
    parts = Parts({"order": list(full), "tables": {}}, {})
    codes: dict[str, dict[str, Ints]] = {}
    codings: dict[str, dict[str, Coding]] = {}
    for name, table in full.items():
        units = table.firms()
        codes[name], codings[name] = dict[str, Ints](), dict[str, Coding]()
        known, known_codings = _handed_down(full, name, codes, codings)
        nodes, followed, by_class = list[Node](), dict[str, Coding](), dict[str, Any]()
        names = table.columns.column_names
        for at in range(len(names) + 1):  # what follows from the columns so far first: of none, from the parents' alone
            so_far = full | {name: replace(table, columns=table.columns.select(range(at)))}
            for other, values in _following(so_far, name, followed).items():
                followed[other], known[other] = fit_column(other, values, units, k)
                known_codings[other] = followed[other]
                codes[name][other], codings[name][other] = known[other], followed[other]
            if at == len(names):
                break
            column = names[at]
            coding, own = fit_column(column, table.columns[column].combine_chunks(), units, k)
            codes[name][column], codings[name][column] = own, coding
            known[column], known_codings[column] = own, coding
            forced = dict(table.given).get(column, ())
            allowed = [other for other in known if column not in table.no_more or other in forced]
            candidates = [other for other in allowed if other != column]
            nodes.append(network.fit(column, candidates, known, known_codings, units, k, forced))
            if column.startswith(TOTAL) and forced and forced[0] in codes[name]:
                values = raw(table.columns[column].combine_chunks())[0]
                found = scales.fit(coding, own, values, codes[name][forced[0]], units, k)
                by_class[column] = [forced[0], [[kind, scale.tolist()] for kind, scale in found.items()]]
        parts.json["tables"][name] = {
            "followed": [coding.to_json() for coding in followed.values()],
            "derived": [list(one) for one in table.derived],
            "one": list(table.one),
            "parent": table.parent,
            "rows": table.rows,
            "scales": by_class,
            "columns": [codings[name][node.name].to_json() for node in nodes],
            "nodes": [network.node_json(node) for node in nodes],
        }
        parts.tables[name] = _cells(nodes)
    return parts


def draw(parts: Parts, rows: Mapping[str, int], seed: int) -> dict[str, Learned]:
    """Fresh tables: `rows` of each table at the top, the others follow."""
    out: dict[str, Learned] = {}
    codes: dict[str, dict[str, Ints]] = {}
    codings: dict[str, dict[str, Coding]] = {}
    for name in parts.json["order"]:
        record = parts.json["tables"][name]
        parent, parent_row = record["parent"], None
        if parent:
            number = np.asarray(out[parent].columns[count_name(name)].fill_null(0)).astype(np.int64)
            parent_row = np.repeat(np.arange(len(number)), number)
        size = rows[name] if parent_row is None else len(parent_row)
        derived = tuple(Derived(*one) for one in record["derived"])
        out[name] = table = Learned(name, pa.table({}), parent, parent_row, None, derived, one=tuple(record["one"]))
        codings[name] = {c["name"]: Coding.from_json(c) for c in [*record["columns"], *record["followed"]]}
        handed_down, known_codings = _above(out, name, codes, codings)
        known = _Known(handed_down)
        known_codings |= codings[name]
        known |= {other: encode(codings[name][other], values) for other, values in _following(out, name, {}).items()}
        columns = dict[str, pa.Array]()
        for node in _nodes(record["nodes"], parts.tables[name]):
            random = stream(seed, name, node.name)
            coding, total = codings[name][node.name], total_name(name, node.name)
            if node.name in table.one[:1]:
                columns[node.name] = _one_child(out[parent], table, random)
                known[node.name] = encode(coding, columns[node.name])
            else:
                own = known[node.name] = network.draw(node, known, known_codings, size, random)
                columns[node.name] = decode(coding, own, network.stratified(own, random))
            if node.name in record["scales"]:
                by, found = record["scales"][node.name]
                columns[node.name] = _scaled(columns[node.name], known[node.name], known[by], found)
            if parent_row is not None and total in codes[parent]:
                above = out[parent].columns[total], codes[parent][total], codings[parent][total]
                columns[node.name] = _to_totals(columns[node.name], parent_row, *above)
            out[name] = replace(table, columns=pa.table(columns))
            for other, values in _following(out, name, known).items():
                known[other] = encode(codings[name][other], values)
        codes[name] = {column: known[column] for column in codings[name] if column in known}
    return {name: _public(table) for name, table in with_units(out.values()).items()}


def _scaled(drawn: pa.Array, codes: Ints, classes: Ints, found: list[Any]) -> pa.Array:
    """Drawn totals, as large as they are in their class."""
    values, valid = raw(drawn)
    by_class = {int(kind): np.array(scale, np.float64) for kind, scale in found}
    return from_raw(str(drawn.type), scales.scaled(values, codes, classes, by_class), ~valid)


def _one_child(parent: Learned, table: Learned, random: np.random.Generator) -> pa.Array:
    """True of one row, any of them, of each parent where the column that `one` names is not null; false elsewhere."""
    rows = table.parent_row if table.parent_row is not None else np.zeros(0, np.int64)
    asks = np.asarray(parent.columns[table.one[1].rpartition(".")[2]].is_valid().to_numpy(), np.bool_)
    order = np.lexsort((random.random(len(rows)), rows))
    first = np.unique(rows[order], return_index=True)[1]
    chosen = np.zeros(len(rows), np.bool_)
    chosen[order[first]] = True
    return pa.array(chosen & asks[rows])


def summarised(tables: Tables) -> dict[str, Learned]:
    """The tables, each with summaries of its children (which hold those of theirs)."""
    full = dict(tables)
    for name in reversed(list(tables)):
        for child in children(full, name):
            full[name] = summarise(full[name], child)
    return full


class _Known(dict[str, Ints]):
    """Codes of a table's columns, and of its ancestors' at its rows: these are looked up anew each time they are asked
    for, as all of them together take more memory than anything else that is drawn.
    """

    def __init__(self, above: Mapping[str, tuple[Ints, Ints | None]]) -> None:
        super().__init__()
        self._above = above

    def __missing__(self, name: str) -> Ints:
        values, rows = self._above[name]
        return values if rows is None else values[rows]


def _handed_down(
    tables: Tables, name: str, codes: Mapping[str, Mapping[str, Ints]], codings: Mapping[str, Mapping[str, Coding]]
) -> tuple[dict[str, Ints], dict[str, Coding]]:
    """The columns of all ancestors at the rows of the table, named `table.column`."""
    above, known_codings = _above(tables, name, codes, codings)
    return {column: values if rows is None else values[rows] for column, (values, rows) in above.items()}, known_codings


def _above(
    tables: Tables, name: str, codes: Mapping[str, Mapping[str, Ints]], codings: Mapping[str, Mapping[str, Coding]]
) -> tuple[dict[str, tuple[Ints, Ints | None]], dict[str, Coding]]:
    """The columns of all ancestors, each with the rows of it that those of the table belong to."""
    known, known_codings = dict[str, tuple[Ints, Ints | None]](), dict[str, Coding]()
    at, rows = name, None
    for above in ancestors(tables, name):
        step = tables[at].parent_row
        rows = step if rows is None or step is None else step[rows]
        for column, values in codes[above].items():
            # What a parent says of its other children is of no use here.
            if _says_of(column) == at or not (_says_of(column) or column in tables[above].withheld):
                known[f"{above}.{column}"] = values, rows
                known_codings[f"{above}.{column}"] = codings[above][column]
        at = above
    return known, known_codings


def _following(tables: Tables, name: str, done: Mapping[str, object]) -> dict[str, pa.Array]:
    """What follows from the columns that the table has so far and is not `done`: means, sums, differences."""
    table = tables[name].columns
    totals = [column for column in table.column_names if column.startswith(TOTAL) and _mean_name(column) not in done]
    means = {_mean_name(column): _mean(table, column) for column in totals if _count_of(column) in table.column_names}
    wanted = {one.name: _worked_out(tables, name, one) for one in tables[name].derived if one.name not in done}
    return means | {column: values for column, values in wanted.items() if values is not None}


def _mean(table: pa.Table, total: str) -> pa.Array:
    """The mean that follows from a total and the number of a table's children."""
    number = np.asarray(table[_count_of(total)].fill_null(0)).astype(np.int64)
    return mean_of_total(np.asarray(table[total].fill_null(np.nan), np.float64), number)


def _worked_out(tables: Tables, name: str, one: Derived) -> pa.Array | None:
    """What follows from two columns of a table and its parents, by row of the table; None if one is not there (yet)."""
    left = _column(tables, name, one.left)
    right = pa.scalar(int(one.right)) if one.right.isdecimal() else _column(tables, name, one.right)
    if left is None or right is None:
        return None
    if one.sign == "+":
        return pc.add(left, right)
    if one.sign == ">=":
        return pc.greater_equal(left, right)
    gap = pc.subtract(left, right)
    return gap if one.sign == "-" else pc.if_else(pc.less(gap, 0), None, gap)


def _column(tables: Tables, name: str, wanted: str) -> pa.Array | None:
    """A column of a table, or of a parent of it at the table's rows; None if it is not there (yet)."""
    above, _, column = wanted.rpartition(".")
    at, rows = name, None
    while above and at != above:
        step_up = tables[at].parent_row
        if step_up is None:
            return None
        rows = step_up if rows is None else step_up[rows]
        at = tables[at].parent
    if column in tables[at].columns.column_names:
        values = tables[at].columns[column].combine_chunks()
    else:
        values = next((_worked_out(tables, at, one) for one in tables[at].derived if one.name == column), None)
    return values if rows is None or values is None else values.take(pa.array(rows))


def _to_totals(drawn: pa.Array, parent_row: Ints, totals: pa.ChunkedArray, codes: Ints, coding: Coding) -> pa.Array:
    """A drawn money column that adds up to the totals of the largest parents, as drawn for them."""
    values, valid = raw(drawn)
    groups = coding.groups
    if groups is None or not len(values):
        return drawn
    largest = (groups[codes] >= LARGE) & (groups[codes] < COARSE)
    total = np.asarray(totals.fill_null(0.0), np.float64)
    scaled = to_total(np.where(valid, values, 0.0), step(values), parent_row, total, largest)
    return from_raw(str(drawn.type), np.where(valid, scaled, 0.0), ~valid)


def _count_of(total: str) -> str:
    return count_name(_says_of(total))


def _mean_name(total: str) -> str:
    return f"{PREFIX}{total.removeprefix(TOTAL)}"


def _says_of(column: str) -> str:
    """The child that a summary is about; "" for a column of the table itself."""
    if not column.startswith(PREFIX):
        return ""
    return column.removeprefix(TOTAL if column.startswith(TOTAL) else PREFIX).partition(":")[0]


def _public(table: Learned) -> Learned:
    names = [name for name in table.columns.column_names if not name.startswith(PREFIX)]
    return Learned(table.name, table.columns.select(names), table.parent, table.parent_row, table.unit)


def _cells(nodes: list[Node]) -> pa.Table:
    """All counts of a table in one long table: column, depth, context, code, count."""
    pieces = []
    for at, node in enumerate(nodes):
        for depth, table in enumerate(node.depths):
            contexts = np.repeat(table.context, np.diff(table.start))
            size = len(table.code)
            pieces.append((np.full(size, at), np.full(size, depth), contexts, table.code, table.count))
    columns = [np.concatenate(column) for column in zip(*pieces, strict=True)]
    names = ("column", "depth", "context", "code", "count")
    types = (pa.int32(), pa.int8(), pa.int64(), pa.int32(), pa.float64())
    arrays = [pa.array(c).cast(t) for c, t in zip(columns, types, strict=True)]
    return pa.table(dict(zip(names, arrays, strict=True)))


def _nodes(records: list[dict[str, Any]], cells: pa.Table) -> list[Node]:
    columns = {name: np.asarray(cells[name]) for name in cells.column_names}
    at = columns["column"].astype(np.int64) * (network.DEEPEST + 1) + columns["depth"]
    bounds = np.searchsorted(at, np.arange(len(records) * (network.DEEPEST + 1) + 1))
    nodes = []
    for place, record in enumerate(records):
        depths = []
        for depth in range(int(record["depths"])):
            low, high = bounds[place * (network.DEEPEST + 1) + depth :][:2]
            context = columns["context"][low:high]
            start = np.flatnonzero(np.r_[True, context[1:] != context[:-1]]) if high > low else np.zeros(0, np.int64)
            code, count = columns["code"][low:high].astype(np.int64), columns["count"][low:high]
            depths.append(Depth(context[start], np.r_[start, high - low], code, count))
        predictors = tuple(Predictor(str(name), bool(coarse)) for name, coarse in record["predictors"])
        nodes.append(Node(str(record["name"]), predictors, tuple(depths)))
    return nodes
