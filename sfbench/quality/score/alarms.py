"""Alarms: the rows that violate expectations, and whom they are about.

Tables of the connection: `alarm` (id, claim, tbl, own: the row's key as text, month), `alarm_link`, and `alarm_group`
(alarm, label) for claims that name a group of rows by what they share.
"""

from __future__ import annotations

from collections.abc import Callable

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

    def note(table: Table, violated: list[Expectation]) -> None:
        for expectation in violated:
            _note(ground, table, expectation, table.name in labelled)

    return note


def _note(ground: Ground, table: Table, expectation: Expectation, labelled: bool) -> None:
    connection, query = ground.connection, failing_query(expectation, table)
    start = connection.execute("SELECT count(*) FROM alarm").fetchall()[0][0]
    if query is None:
        connection.execute("INSERT INTO alarm VALUES (?, ?, ?, NULL, NULL)", [start, expectation.id, table.name])
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
    if labelled and any(kinds[name] == "text" for name in shared):
        same = " AND ".join(f"l.{name} = f.{name}::VARCHAR" for name in shared)
        pairs = f'SELECT f.id, l.id FROM failing AS f JOIN "labelled_{table.name}" AS l ON {same}'
        connection.execute(f"INSERT INTO alarm_group {pairs}")


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
