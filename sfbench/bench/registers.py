"""What entries of registers add up to, once those of one note are linked."""

import duckdb
import numpy as np
import pyarrow as pa
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from sfbench.bench.card import Card


def linked_total(con: duckdb.DuckDBPyConnection, card: Card, pairs: str) -> pa.Table:
    """One amount a cluster of linked entries: that which most of them give, else the largest; summed over the window.

    pairs: a query that gives the places, `one` and `other`, of two entries of one note, in the order of `entry_id`.
    """
    found = con.execute(pairs).fetchnumpy()
    count = con.execute("SELECT count(*) FROM register_entry").fetchall()[0][0]
    links = coo_matrix((np.ones(len(found["one"])), (found["one"], found["other"])), shape=(count, count))
    cluster = connected_components(links, directed=False)[1]
    con.register("cluster", pa.table({"place": np.arange(count), "cluster": cluster}))
    total = con.execute(
        f"""
        WITH entry AS (SELECT row_number() OVER (ORDER BY entry_id) - 1 AS place, * FROM register_entry),
        said AS (
            SELECT cluster, amount, count(*) AS often, min(granted_on) AS granted_on
            FROM entry JOIN cluster USING (place)
            GROUP BY cluster, amount
        ),
        note AS (
            SELECT max_by(amount, (often, amount)) AS amount, max_by(granted_on, (often, amount)) AS granted_on
            FROM said
            GROUP BY cluster
        )
        SELECT CAST(sum(amount) AS DOUBLE)
        FROM note
        WHERE granted_on BETWEEN DATE '{card.first}' AND DATE '{card.last}'
        """
    ).fetchall()[0][0]
    return pa.table({"value": [total]})
