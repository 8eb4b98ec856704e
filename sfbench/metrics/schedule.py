"""Runs tasks that need each other: each once all that it needs is done, several at a time."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter


def run_all(
    tasks: Mapping[str, Callable[[], None]],
    needs: Mapping[str, set[str]],
    workers: int,
    after: Callable[[str], None],
) -> None:
    """Runs every task on one of so many threads. Of those that can begin, those that need another go first, so that
    what they need can be let go, then those that others wait for, and then the one named first.

    `needs` holds the names of the tasks that have to be done before; `after` is called in the caller's thread when a
    task is done. An exception of a task ends the run once the tasks that have begun are over.
    """
    awaited = {need for names in needs.values() for need in names}
    rank = {name: (not needs.get(name), name not in awaited, place) for place, name in enumerate(tasks)}
    sorter = TopologicalSorter({name: needs.get(name, set()) for name in tasks})
    sorter.prepare()
    ready: list[tuple[tuple[bool, bool, int], str]] = []
    running: dict[Future[None], str] = {}
    with ThreadPoolExecutor(workers) as pool:
        while sorter.is_active():
            for name in sorter.get_ready():
                heapq.heappush(ready, (rank[name], name))
            while ready and len(running) < workers:
                _, name = heapq.heappop(ready)
                running[pool.submit(tasks[name])] = name
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                name = running.pop(future)
                future.result()
                sorter.done(name)
                after(name)
