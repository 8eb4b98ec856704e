"""Which alarm meets which label: the table `meets` (alarm, label).

An alarm meets a label if its expectation looks at the label's table and column (of a lost, added or moved row: at the
table), and one of these holds.

1. It names the labelled row by its key.
2. It names a group of rows by what they share, and the labelled row is one of them.
3. Both are about the same loan, firm, fund ...: they name the same of a fine entity, and do not differ in one that is
   below it (two loans of one firm are two things, though they name the same firm).
4. The alarm is about a bank, a product ... as a whole: the label is of that month (a loan belongs to the months of its
   balances), or it is the label of that bank or product itself.

Months do not matter in 3: what is wrong with a balance in June breaks the flows of June and of July.

What an expectation looks at is asked of the pairs by a SEMI JOIN: as a join DuckDB begins with it, at twenty times the
cost.
"""

from __future__ import annotations

from collections.abc import Iterable

from sfbench.quality.score.entities import Entities
from sfbench.quality.score.links import Ground

_MASK = "bit_or(1::UBIGINT << entity::UBIGINT)"
_AGREED = """
SELECT f.alarm, f.label, f.same, (a.mask & l.mask) & ~f.same AS other FROM (
    SELECT a.id AS alarm, l.id AS label, {mask} AS same
    FROM (SELECT DISTINCT id, entity, value FROM alarm_link WHERE fine) AS a
    JOIN (SELECT DISTINCT id, entity, value FROM label_link WHERE fine) AS l USING (entity, value)
    GROUP BY a.id, l.id
) AS f JOIN alarm_mask AS a ON a.id = f.alarm JOIN label_mask AS l ON l.id = f.label
"""
_RULES = """
WITH kinds AS (
    SELECT k.same, k.other, k.same & ~coalesce(bit_or(b.above), 0::UBIGINT) <> 0 AS about_one
    FROM (SELECT DISTINCT same, other FROM agreed) AS k LEFT JOIN below AS b ON k.other & b.bit <> 0
    GROUP BY k.same, k.other
),
pairs AS (
    SELECT a.id AS alarm, l.id AS label FROM alarm AS a JOIN label AS l ON a.tbl = l.tbl AND a.own = l.own
    UNION
    SELECT alarm, label FROM alarm_group
    UNION
    SELECT alarm, label FROM agreed JOIN kinds USING (same, other) WHERE about_one
    UNION
    SELECT a.id, l.id FROM alarm_link AS a ANTI JOIN alarm_mask AS m ON m.id = a.id JOIN alarm AS w ON w.id = a.id
    JOIN label_link AS l ON l.entity = a.entity AND l.value = a.value AND NOT l.fine
    JOIN label_month AS n ON n.id = l.id AND n.month = w.month
    UNION
    SELECT a.id, o.id FROM alarm_link AS a
    JOIN label_own AS o ON o.entity = a.entity AND o.own = a.value WHERE NOT a.fine
)
SELECT DISTINCT alarm, label FROM (
    SELECT p.alarm, p.label, a.claim, l.tbl, l.col
    FROM pairs AS p JOIN alarm AS a ON a.id = p.alarm JOIN label AS l ON l.id = p.label
    WHERE NOT l.decoy OR a.own = l.own AND a.tbl = l.tbl
) AS p SEMI JOIN looks AS k ON k.claim = p.claim AND k.tbl = p.tbl AND k.col IS NOT DISTINCT FROM p.col
"""


def look(ground: Ground, looked: Iterable[tuple[str, str, str | None]]) -> None:
    """Makes `looks` (claim, tbl, col) and what of the labels the rules need."""
    connection, entities = ground.connection, ground.entities
    columns = list(zip(*looked, strict=True)) or [(), (), ()]
    connection.execute(
        "CREATE TEMP TABLE looks AS "
        "SELECT unnest(?::VARCHAR[]) AS claim, unnest(?::VARCHAR[]) AS tbl, unnest(?::VARCHAR[]) AS col",
        [list(column) for column in columns],
    )
    connection.execute(
        f"CREATE TEMP TABLE label_mask AS SELECT id, {_MASK} AS mask FROM label_link WHERE fine GROUP BY id"
    )
    connection.execute(
        "CREATE TEMP TABLE below AS SELECT unnest(?::UBIGINT[]) AS bit, unnest(?::UBIGINT[]) AS above",
        [[1 << number for number in entities.number.values()], [_bits(entities, name) for name in entities.number]],
    )
    coarse = [(name, number) for name, number in entities.number.items() if not entities.fine(name)]
    connection.execute(
        """CREATE TEMP TABLE label_own AS SELECT id, entity, own FROM label
           JOIN (SELECT unnest(?::VARCHAR[]) AS tbl, unnest(?::INTEGER[]) AS entity) USING (tbl)""",
        [[name for name, _ in coarse], [number for _, number in coarse]],
    )


def meet(ground: Ground) -> None:
    """Makes `meets` of the alarms and labels as they are."""
    ground.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE alarm_mask AS SELECT id, {_MASK} AS mask FROM alarm_link WHERE fine GROUP BY id"
    )
    ground.connection.execute(f"CREATE OR REPLACE TEMP TABLE agreed AS {_AGREED.format(mask=_MASK)}")
    ground.connection.execute(f"CREATE OR REPLACE TEMP TABLE meets AS {_RULES}")


def _bits(entities: Entities, name: str) -> int:
    return sum(1 << entities.number[other] for other in entities.above[name])
