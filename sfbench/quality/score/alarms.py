"""Alarms: the rows that violate expectations, and whom they are about.

Tables of the connection: `alarm` (id, claim, tbl, own: the row's key as text, month), `alarm_link`, `alarm_group`
(alarm, label) for claims that name a group of rows by what they share, and `alarm_rows` (id, claimed, labelled) for
alarms that name no row and nobody.

Such an alarm is about all rows of the table, or of the month or the group that it names: `claimed` of them, of which
`labelled` are planted. It counts as so many alarms, so that to blame everything is not to be right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sfbench.quality.expectation import Expectation
from sfbench.quality.score.failing import failing_query
from sfbench.quality.score.links import LINK, Ground, add_links
from sfbench.spec import Table


def listener(ground: Ground, labelled: frozenset[str]) -> Callable[[Table, list[Expectation]], None]:
    """Makes the tables; what it returns notes the alarms of the violated expectations of a table.

    labelled: the tables T for which there is a `labelled_T`.
    """
    connection = ground.connection
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE alarm (id BIGINT, claim VARCHAR, tbl VARCHAR, own VARCHAR, month DATE)"
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE alarm_link ({LINK})")
    connection.execute("CREATE OR REPLACE TEMP TABLE alarm_group (alarm BIGINT, label BIGINT)")
    connection.execute("CREATE OR REPLACE TEMP TABLE alarm_rows (id BIGINT, claimed BIGINT, labelled BIGINT)")

    def note(table: Table, violated: list[Expectation]) -> None:
        for expectation in violated:
            _note(ground, table, expectation, table.name in labelled)

    return note


def _note(ground: Ground, table: Table, expectation: Expectation, labelled: bool) -> None:
    connection, query = ground.connection, failing_query(expectation, table)
    start = connection.execute("SELECT count(*) FROM alarm").fetchall()[0][0]
    if query is None:
        connection.execute("INSERT INTO alarm VALUES (?, ?, ?, NULL, NULL)", [start, expectation.id, table.name])
        _claim_rows(ground, table, f"SELECT {start} AS id", {}, labelled)
        return
    numbered = f"SELECT {start} + row_number() OVER () - 1 AS id, q.* FROM ({query}) AS q"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE failing AS {numbered}")
    shown = [str(row[0]) for row in connection.execute("DESCRIBE failing").fetchall() if row[0] != "id"]
    kinds = {column.name: column.kind for column in table.columns}
    whole = set(table.key) <= set(shown)
    if whole:
        _complete(ground, table, shown)
    named = dict(ground.entities.of(table.name))
    if not whole:
        named = {name: entity for name, entity in named.items() if name in shown}
    named |= {n: e for n, e in ground.entities.by_name.items() if n in shown and n not in kinds}
    own = f"concat_ws('|', {', '.join(f'{name}::VARCHAR' for name in table.key)})" if whole else "NULL"
    month = "month" if "month" in shown else table.event_on if whole and table.event_on else "NULL"
    connection.execute(
        f"INSERT INTO alarm SELECT id, ?, ?, {own}, last_day({month}::DATE) FROM failing", [expectation.id, table.name]
    )
    add_links(ground, "alarm_link", "failing", named)
    shared = [name for name in shown if name in kinds and name not in table.key]
    grouped = any(kinds[name] == "text" for name in shared)
    if not whole and (grouped or not named) and not any(map(ground.entities.fine, named.values())):
        of_row = {name: name for name in shared if grouped or kinds[name] == "code"}
        failing = "FROM failing"
        if "month" in shown and table.event_on and not grouped:
            of_row["month"] = f"last_day({table.event_on}::DATE)"
            failing = "SELECT * REPLACE (last_day(month::DATE) AS month) FROM failing"
        _claim_rows(ground, table, failing, of_row, labelled)
    if labelled and grouped:
        same = " AND ".join(f"l.{name} = f.{name}::VARCHAR" for name in shared)
        pairs = f'SELECT f.id, l.id FROM failing AS f JOIN "labelled_{table.name}" AS l ON {same}'
        connection.execute(f"INSERT INTO alarm_group {pairs}")


def _claim_rows(ground: Ground, table: Table, alarms: str, of_row: Mapping[str, str], labelled: bool) -> None:
    """Adds to `alarm_rows` how many rows of the table each alarm claims, and how many of these are planted.

    alarms: a query. of_row: column of it -> the same of a row of the table; without any, all rows are claimed.
    """
    planted = f"""SELECT DISTINCT l.* EXCLUDE (id) FROM "labelled_{table.name}" AS l JOIN label USING (id)
        WHERE NOT decoy"""
    sides = {"r": f'"{table.name}"', "l": f"({planted})"} if labelled else {"r": f'"{table.name}"'}
    groups = ", ".join([*(f"{said}::VARCHAR AS {name}" for name, said in of_row.items()), "count(*) AS n"])
    joins = " ".join(
        f"LEFT JOIN (SELECT {groups} FROM {rows} GROUP BY ALL) AS {side} ON "
        + " AND ".join(["true", *(f"{side}.{name} IS NOT DISTINCT FROM a.{name}::VARCHAR" for name in of_row)])
        for side, rows in sides.items()
    )
    known = "coalesce(l.n, 0)" if labelled else "0"
    ground.connection.execute(
        f"INSERT INTO alarm_rows SELECT id, greatest(r.n, {known}, 1), {known} FROM ({alarms}) AS a {joins}"
    )


def _complete(ground: Ground, table: Table, shown: list[str]) -> None:
    """The failing rows with all columns of their table that say whom they are about."""
    wanted = [*ground.entities.of(table.name), *([table.event_on] if table.event_on else [])]
    more = [name for name in dict.fromkeys(wanted) if name not in shown]
    if more:
        keys = ", ".join(table.key)
        whole = f"SELECT DISTINCT ON ({keys}) {', '.join([*table.key, *more])}"
        rows = f'{whole} FROM "{table.name}" SEMI JOIN failing USING ({keys})'
        ground.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE failing AS SELECT f.*, {', '.join(f'r.{name}' for name in more)} "
            f"FROM failing AS f LEFT JOIN ({rows}) AS r USING ({keys})"
        )
