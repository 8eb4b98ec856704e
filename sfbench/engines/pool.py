"""Parts of a plan in one process, or in several that take them in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from sfbench.errors import SfbenchError

T = TypeVar("T")


def spread(work: Callable[[int], T], parts: Sequence[int], jobs: int) -> Iterator[tuple[int, T]]:
    """(part, what `work` makes of it) as each is done, in any order; with several jobs `work` is pickled.

    Raises what `work` raises, and SfbenchError if a process dies.
    """
    if jobs == 1 or len(parts) < 2:
        for part in parts:
            yield part, work(part)
        return
    import multiprocessing  # a hundredth of a tiny run, which never comes here
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from concurrent.futures.process import BrokenProcessPool

    # Fresh processes: forking one that holds Arrow's threads may hang.
    start = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(parts)), mp_context=start) as pool:
        running = {pool.submit(work, part): part for part in parts}
        try:
            for future in as_completed(running):
                yield running[future], future.result()
        except BrokenProcessPool as error:
            raise SfbenchError(
                f"one of {jobs} processes died",
                where="--jobs",
                why="out of memory, killed, or started by a script that runs again when it is imported",
                fix="use fewer jobs; in a script, call generate under `if __name__ == '__main__':`",
            ) from error
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
