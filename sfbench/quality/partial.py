"""A view's query without the columns that the data do not bear, so that rules about the others can be evaluated.

A suite works out many flags of a table in one view, as that reads the table once. Where a user's own data lack a table
or a column, only the flags that hang on it are lost.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

Node = dict[str, Any]  # of a query as DuckDB has parsed it


@dataclass(frozen=True, slots=True)
class Partial:
    """What is left of a query. lost: column -> why it cannot be computed; flags: of those left every row has one."""

    query: str
    lost: Mapping[str, str]
    flags: frozenset[str] = frozenset()


def partial(connection: duckdb.DuckDBPyConnection, query: str, known: Mapping[str, str]) -> Partial | None:
    """The query with the columns that can be computed; None if it cannot be asked without the others.

    known: columns that what it reads has lost -> why.
    """
    found = _Query(connection, known)
    try:
        node = found.parsed(query)
        if found.narrow(node, found.lost):
            return Partial(found.text(node), found.lost, frozenset(found.flags))
    except duckdb.Error:  # it is no SELECT, or DuckDB does not write what it has read
        pass
    return None


class _Query:
    def __init__(self, connection: duckdb.DuckDBPyConnection, known: Mapping[str, str]) -> None:
        self.lost: dict[str, str] = {}
        self.flags: set[str] = set()
        self._connection = connection
        self._causes = dict(known)  # name of a table or column below -> why it cannot be read
        (self._one,) = self.parsed("SELECT 1")["select_list"]

    def parsed(self, query: str) -> Node:
        tree = json.loads(self._answer("SELECT json_serialize_sql($1)", query))
        if tree["error"] or not tree["statements"]:
            raise duckdb.ParserException("no SELECT")
        node: Node = tree["statements"][0]["node"]
        return node

    def text(self, node: Node) -> str:
        tree = json.dumps({"error": False, "statements": [{"node": node}]})
        return self._answer("SELECT json_deserialize_sql($1::JSON)", tree)

    def narrow(self, node: Node, lost: dict[str, str]) -> bool:
        """Takes out of a SELECT what cannot be bound, and notes it. Returns whether it can be asked then.

        Not of one that would have other rows with fewer columns: DISTINCT, GROUP BY ALL, or columns by their place.
        """
        if node["type"] != "SELECT_NODE" or node["aggregate_handling"] != "STANDARD_HANDLING" or node["modifiers"]:
            return False
        if any(group["class"] == "CONSTANT" for group in node["group_expressions"]):
            return False
        node["from_table"] = self._read(node, node["from_table"])
        kept: list[Node] = []
        for item in node["select_list"]:
            probe = {"select_list": [*kept, item], "where_clause": None, "qualify": None}
            if why := self._refusal(node | probe):
                lost[item["alias"] or item.get("column_names", [""])[-1]] = self._cause(item, lost, why)
            else:
                kept.append(item)
        node["select_list"] = kept
        for clause in ("where_clause", "qualify"):
            if node[clause]:
                node[clause] = self._without(node[clause], lost)
        return not self._refusal(node)

    def _read(self, node: Node, source: Node) -> Node:
        """What it reads, without the left joins that cannot be made."""
        if source["type"] == "SUBQUERY":
            below: dict[str, str] = {}
            self.narrow(source["subquery"]["node"], below)
            self._causes |= below
        if source["type"] != "JOIN":
            return source
        left, right = self._read(node, source["left"]), self._read(node, source["right"])
        joined = source | {"left": left, "right": right}
        if source["join_type"] != "LEFT":
            return joined
        bare = {"select_list": [self._one], "from_table": joined, "where_clause": None, "qualify": None}
        ungrouped: Node = {"group_expressions": [], "group_sets": [], "having": None}
        if why := self._refusal(node | bare | ungrouped):
            self._causes[right["alias"] or right.get("table_name", "")] = why
            return left
        return joined

    def _without(self, condition: Node, lost: Mapping[str, str]) -> Node:
        """The condition without those of its alternatives that are flags which are lost."""
        if condition["type"] not in ("CONJUNCTION_AND", "CONJUNCTION_OR"):
            return condition
        parts = [self._without(part, lost) for part in condition["children"]]
        if condition["type"] == "CONJUNCTION_OR":
            left = [part for part in parts if _flag(part) not in lost]
            if left and len(left) < len(parts):
                self.flags |= {flag for part in left if (flag := _flag(part))}
            parts = left or parts
        return condition | {"children": parts}

    def _cause(self, item: Node, lost: Mapping[str, str], why: str) -> str:
        """Why an expression cannot be computed: for what lacks below it, else as DuckDB says."""
        named = self._names(item)
        return next((cause for name, cause in {**self._causes, **lost}.items() if name in named), why)

    def _names(self, node: Any) -> set[str]:
        """The columns that a part of a query names, and the tables before their dots."""
        if isinstance(node, list):
            return {name for part in node for name in self._names(part)}
        if not isinstance(node, dict):
            return set()
        return {*node.get("column_names", []), *self._names(list(node.values()))}

    def _refusal(self, node: Node) -> str:
        """Why DuckDB cannot bind the query; empty if it can."""
        try:
            self._connection.execute(f"DESCRIBE {self.text(node)}")
        except duckdb.Error as error:
            return str(error)
        return ""

    def _answer(self, query: str, given: str) -> str:
        return str(self._connection.execute(query, [given]).fetchall()[0][0])


def _flag(condition: Node) -> str:
    """The column of the query's own that a condition is, or nothing."""
    names = condition.get("column_names", [])
    return str(names[0]) if len(names) == 1 else ""
