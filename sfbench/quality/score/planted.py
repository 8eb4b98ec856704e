"""What was planted, from the labels of a dataset, and whom it is about.

Tables of the connection: `label` (id, event, fault, level, tbl, col, own, decoy, known: the first day on which the
clean or the reported row was known), `label_link`, `label_month`, and for each labelled table T `labelled_T`, its rows
as text.
"""

from __future__ import annotations

from pathlib import Path

from sfbench.quality.score.links import LINK, Ground, add_links
from sfbench.spec import Table
from sfbench.store.labels import CONSEQUENCE
from sfbench.store.shape import DUCKDB_TYPES
from sfbench.store.undo import read_labels


def load(ground: Ground, dataset: Path) -> frozenset[str]:
    """Makes the tables; names of the labelled tables. Raises SfbenchError if the dataset has no labels.

    An event is what happened once: the rows and cells of one group of one fault.
    """
    connection = ground.connection
    connection.register("labels", read_labels(dataset))
    connection.execute(
        """CREATE TEMP TABLE label AS SELECT row_number() OVER () - 1 AS id,
           dense_rank() OVER (ORDER BY "table", fault, group_id, decoy) - 1 AS event, fault, class AS level,
           "table" AS tbl, "column" AS col, key, true_value, planted_value, decoy,
           NULL::VARCHAR AS own, NULL::DATE AS known FROM labels"""
    )
    connection.unregister("labels")
    connection.execute(f"CREATE TEMP TABLE label_link ({LINK})")
    connection.execute("CREATE TEMP TABLE label_month (id BIGINT, month DATE)")
    names = [str(row[0]) for row in connection.execute("SELECT DISTINCT tbl FROM label ORDER BY tbl").fetchall()]
    for name in names:
        if name in ground.there:
            _rows(ground, ground.entities.tables[name])
            _links(ground, ground.entities.tables[name])
    return frozenset(names) & ground.there


def _rows(ground: Ground, table: Table) -> None:
    """`labelled_T`: the reported row of each label, or the lost one, every column as text."""
    connection, name = ground.connection, table.name
    typed = {k: f"(key->>'$.{k}')::{DUCKDB_TYPES[table.column(k).kind]}" for k in table.key}
    keys = ", ".join(f"{typed[k]} AS {k}" for k in table.key)
    texts = ", ".join(f"r.{c.name}::VARCHAR AS {c.name}" for c in table.columns)
    pieces = ", ".join(f"coalesce(planted_value, true_value)->>'$.{c.name}' AS {c.name}" for c in table.columns)
    mine = f"FROM label WHERE tbl = '{name}'"
    whole = "col IS NULL AND coalesce(planted_value, true_value) IS NOT NULL"  # a lost or an added row
    connection.execute(
        f'CREATE TEMP TABLE "labelled_{name}" AS '
        f"SELECT k.id, {texts} FROM (SELECT id, {keys} {mine} AND NOT ({whole})) AS k "
        f'JOIN "{name}" AS r USING ({", ".join(table.key)}) UNION ALL SELECT id, {pieces} {mine} AND {whole}'
    )
    own = ", ".join(f"{k}::VARCHAR" for k in typed.values())
    connection.execute(f"UPDATE label SET own = concat_ws('|', {own}) WHERE tbl = '{name}'")
    if day := table.known_on or table.event_on:
        connection.execute(
            f"""UPDATE label SET known = least(first, CASE WHEN col = '{day}' THEN true_value::DATE END)
                FROM (SELECT id, min({day}::DATE) AS first FROM "labelled_{name}" GROUP BY id) AS l
                WHERE l.id = label.id"""
        )


def _links(ground: Ground, table: Table) -> None:
    connection, name = ground.connection, table.name
    columns = ground.entities.of(name)
    add_links(ground, "label_link", f'"labelled_{name}"', columns)
    for column, entity in columns.items():
        before = "SELECT id, true_value AS value FROM label WHERE tbl = ? AND col = ?"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE before AS {before}", [name, column])
        add_links(ground, "label_link", "before", {"value": entity})
    day = table.event_on
    if not day:
        return
    connection.execute(
        f"""INSERT INTO label_month SELECT id, last_day({day}::DATE) FROM "labelled_{name}"
            UNION SELECT id, last_day(true_value::DATE) FROM label WHERE tbl = '{name}' AND col = '{day}'"""
    )
    for other in ground.entities.tables.values():  # a loan belongs to the months of its balances
        links = [c for c in other.key if other.column(c).references == f"{name}.{table.key[0]}"]
        if len(table.key) == 1 and links and "month" in other.key and other.name in ground.there:
            connection.execute(
                f"""INSERT INTO label_month SELECT DISTINCT l.id, o.month FROM (
                        SELECT id, {table.key[0]} AS number FROM "labelled_{name}"
                        UNION SELECT id, true_value FROM label WHERE tbl = '{name}' AND col = '{table.key[0]}'
                    ) AS l JOIN "{other.name}" AS o ON o.{links[0]} = l.number::BIGINT"""
            )


FAULTY = f"NOT decoy AND fault <> '{CONSEQUENCE}'"
