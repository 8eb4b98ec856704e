"""Fixtures for other projects' tests: `sfbench` with its marker, and the factory `sfbench_dataset`.

    @pytest.mark.sfbench("baseline", scale="tiny", seed=7, tables=["loan", "enterprise"])
    def test_my_platform(sfbench):
        my_platform.load(sfbench.pandas("loan"))

Loaded by pytest at every start, so nothing heavy is imported before a fixture is asked for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from sfbench.cache.city import City

_MARKER = (
    "sfbench(scenario='baseline', *, scale='tiny', seed=None, tables=None, as_of=None, content=()): which synthetic "
    "city the fixture `sfbench` holds; without a seed it follows from the test's node id"
)
_USED: pytest.StashKey[list[str]] = pytest.StashKey()  # of a test, or of the session: the commands behind its data


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture(name="sfbench")
def sfbench_fixture(request: pytest.FixtureRequest) -> Generator[City, None, None]:
    """A synthetic city for this test, as its marker `sfbench` says: Arrow, DuckDB, pandas and polars views.

    Made at the first use and kept by its content; without a seed in the marker it follows from the node id.
    """
    marker = request.node.get_closest_marker("sfbench")
    args, kwargs = (marker.args, dict(marker.kwargs)) if marker else ((), {})
    if kwargs.get("seed") is None:
        from sfbench.cache import seed_of

        kwargs["seed"] = seed_of(request.node.nodeid)
    city = _city(request.node, args, kwargs)
    yield city
    city.close()


@pytest.fixture(scope="session")
def sfbench_dataset(request: pytest.FixtureRequest) -> Generator[Callable[..., City], None, None]:
    """A factory for fixtures of your own, with any scope: `sfbench_dataset("baseline", scale="small", seed=7)`."""
    made: list[City] = []

    def make(*args: Any, **kwargs: Any) -> City:
        made.append(_city(request.session, args, kwargs))
        return made[-1]

    yield make
    for city in made:
        city.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the command that makes the data to the report of a test that failed."""
    report = yield
    if report.failed:
        commands = item.stash.get(_USED, [])
        if "sfbench_dataset" in getattr(item, "fixturenames", ()):
            commands = commands + item.session.stash.get(_USED, [])
        if commands:
            report.sections.append(("sfbench: make the data again with", "\n".join(dict.fromkeys(commands))))
    return report


def _city(node: pytest.Item | pytest.Session, args: tuple[Any, ...], kwargs: dict[str, Any]) -> City:
    from sfbench.cache import obtain
    from sfbench.cache.city import City
    from sfbench.errors import SfbenchError

    try:
        order = _order(*args, **kwargs)
    except TypeError as error:
        _fail(f"{str(error).replace('_order()', 'the marker')}; it is {_MARKER}")
    try:
        city = City(order, obtain(order))
    except SfbenchError as error:
        _fail(str(error))
    node.stash.setdefault(_USED, []).append(order.command())  # of data that were made: no other can be made again
    return city


def _fail(what: str) -> NoReturn:
    raise pytest.fail.Exception(f"sfbench: {what}", pytrace=False) from None  # what led to it says the same


def _order(
    scenario: str = "baseline",
    *,
    scale: float | str = "tiny",
    seed: int | None = None,
    tables: Sequence[str] | None = None,
    as_of: Any = None,
    content: Sequence[Any] = (),
) -> Any:
    from sfbench.cache import Order

    return Order(
        scenario=str(scenario),
        scale=scale,
        seed=seed or 0,
        tables=None if tables is None else tuple(dict.fromkeys([tables] if isinstance(tables, str) else tables)),
        as_of=None if as_of is None else str(as_of),
        content=tuple(map(str, [content] if isinstance(content, str | os.PathLike) else content)),
    )
