"""Apache Iceberg: a warehouse folder with a SQLite catalogue (`catalog.db`), namespace `sfbench`, a table per table.

Iceberg's metadata name files by their full path: the folder stays where it was written.
"""

from __future__ import annotations

from pathlib import Path

from sfbench.store.formats._ddl import comment
from sfbench.store.formats._format import Format, Wishes, missing
from sfbench.store.formats._source import Source

NAMESPACE = "sfbench"
_BATCH = 1_000_000  # rows of a snapshot's file


def write(source: Source, out: str, wishes: Wishes) -> None:
    """A folder with all tables."""
    try:
        import pyarrow as pa
        from pyiceberg.catalog.sql import SqlCatalog
    except ModuleNotFoundError as error:
        raise missing("pyiceberg", "iceberg") from error
    home = Path(out).resolve()
    catalog = SqlCatalog(NAMESPACE, uri=f"sqlite:///{home / 'catalog.db'}", warehouse=home.as_uri())
    catalog.create_namespace(NAMESPACE)
    for table in source.tables.values():
        reader = source.reader(table.name, _BATCH)
        plain = pa.schema([field.remove_metadata() for field in reader.schema])
        properties = {"comment": comment(table, source.mark)}
        made = catalog.create_table(f"{NAMESPACE}.{table.name}", plain, properties=properties)
        with made.transaction() as transaction:
            for batch in reader:
                if batch.num_rows:
                    transaction.append(pa.Table.from_batches([batch.cast(plain)]))


FORMAT = Format(
    zh="Apache Iceberg 表", en="Apache Iceberg tables", holds="folder", write=write, extra="iceberg", in_place=True
)
