"""What formats read: the tables of a dataset, or of a user's own folder, as streams of Arrow batches."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from sfbench.errors import SfbenchError
from sfbench.spec import Table
from sfbench.store import manifest
from sfbench.store.arrow import SYNTHETIC_MARK, schema
from sfbench.store.read import dataset_views, open_dataset, published

BATCH = 65_536
_MEMORY = "1GiB"  # of DuckDB, which writes what it cannot hold to a temporary folder
MARK = f"{SYNTHETIC_MARK} synthetic data (sfbench)"


@dataclass(frozen=True, slots=True)
class Source:
    """Tables by name in the order of the dataset, each with its declaration and a view of `connection`."""

    path: Path
    connection: duckdb.DuckDBPyConnection
    tables: Mapping[str, Table]
    synthetic: bool

    @classmethod
    def of(
        cls,
        path: Path,
        tables: Iterable[str] | None = None,
        as_of: datetime.date | None = None,
        *,
        declared: Mapping[str, Table] | None = None,
    ) -> Source:
        """Opens a folder. Raises SfbenchError as `open_dataset` does, and for a table that nothing declares."""
        known = published() if declared is None else declared
        found = list(dataset_views(path, as_of, tables, declared=known))
        unknown = [name for name in found if name not in known]
        if unknown:
            fix = "add its content folder with --content, or name the tables with --tables"
            raise SfbenchError(f"nothing declares table {unknown[0]!r}", where=str(path), fix=fix)
        connection = open_dataset(path, as_of, found, declared=known, memory_limit=_MEMORY)
        return cls(path, connection, {name: replace(known[name], name=name) for name in found}, _synthetic(path))

    @property
    def mark(self) -> str:
        """The remark that an export carries: that its data are synthetic, or nothing for a user's own."""
        return MARK if self.synthetic else ""

    def rows(self, name: str) -> int:
        """Rows of a table."""
        return self.number(f"SELECT count(*) FROM {quoted(name)}")

    def number(self, query: str) -> int:
        """The one whole number of a query."""
        found = self.connection.execute(query).fetchone()
        assert found is not None
        return int(found[0])

    def batches(self, query: str, size: int = BATCH) -> Iterator[pa.RecordBatch]:
        """The rows of a query, batch by batch."""
        # A cursor of its own: a connection with an open result takes no other query.
        yield from self.connection.cursor().sql(query).to_arrow_reader(size)

    def reader(self, name: str, size: int = BATCH) -> pa.RecordBatchReader:
        """A table as Arrow, with the metadata of its declaration; codes as text, nulls as declared."""
        shown = arrow_schema(self.tables[name], synthetic=self.synthetic)
        query = f"SELECT {', '.join(map(quoted, shown.names))} FROM {quoted(name)}"
        batches = (batch.cast(shown) for batch in self.batches(query, size))
        return pa.RecordBatchReader.from_batches(shown, batches)


def arrow_schema(table: Table, *, synthetic: bool = True) -> pa.Schema:
    """The schema of a table with codes as plain text: their dictionaries differ from batch to batch."""
    declared = schema(table)
    fields = [f.with_type(pa.string()) if pa.types.is_dictionary(f.type) else f for f in declared]
    marks = {k: v for k, v in (declared.metadata or {}).items() if synthetic or not k.startswith(b"sfbench.")}
    return pa.schema(fields, marks)


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def _synthetic(path: Path) -> bool:
    """Whether sfbench made the data: it then wrote a manifest."""
    return (path / manifest.NAME).is_file()
