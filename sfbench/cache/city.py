"""A kept dataset as a test wants to see it: Arrow, DuckDB, pandas or polars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sfbench.cache.order import Order
from sfbench.errors import SfbenchError

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from sfbench.api import Dataset


class City(Mapping[str, "pa.Table"]):
    """A dataset of the cache: a mapping of table name to `pyarrow.Table`. Shared between tests: do not write into it.

    path: its folder, for code that reads Parquet; seed: the seed that was used; command: what makes the same data.
    """

    def __init__(self, order: Order, path: Path) -> None:
        self.order, self.path = order, path
        self._dataset: Dataset | None = None
        self._connections: list[duckdb.DuckDBPyConnection] = []

    @property
    def seed(self) -> int:
        """The seed of the data."""
        return self.order.seed

    @property
    def command(self) -> str:
        """The command line that makes the same data."""
        return self.order.command()

    def arrow(self, table: str) -> pa.Table:
        """One table: money as decimals, codes as dictionaries. Raises KeyError with the nearest name."""
        return self._tables[table]

    def pandas(self, table: str) -> pd.DataFrame:
        """One table: money as `decimal.Decimal` (exact), dates as datetime64, codes as categories."""
        frame: pd.DataFrame = self.arrow(table).to_pandas(date_as_object=False)
        return frame

    def polars(self, table: str) -> pl.DataFrame:
        """One table: money as Decimal, dates as Date. Raises SfbenchError where polars is not installed."""
        try:
            import polars
        except ModuleNotFoundError as error:
            raise SfbenchError("polars is not installed", fix="pip install polars") from error
        return polars.DataFrame(polars.from_arrow(self.arrow(table)))

    def duckdb(self, as_of: str | None = None) -> duckdb.DuckDBPyConnection:
        """A connection with a view per table, closed with the test; `as_of` shows what was known on that day."""
        import sfbench.api as api

        connection = api.open(self.path, as_of=as_of)
        self._connections.append(connection)
        return connection

    def close(self) -> None:
        """Close the connections."""
        while self._connections:
            self._connections.pop().close()

    @property
    def _tables(self) -> Dataset:
        if self._dataset is None:
            from sfbench.api import Dataset
            from sfbench.store import manifest

            self._dataset = Dataset(dict.fromkeys(manifest.read(self.path).tables), self.path)
        return self._dataset

    def __getitem__(self, table: str) -> Any:
        return self._tables[table]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __repr__(self) -> str:
        return f"<City {self.command}>"
