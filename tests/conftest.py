"""Of all tests: libraries that start threads of their own take one, as pytest-xdist fills the cores already."""

import os

import pytest

os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(scope="module", autouse=True)
def _forgotten(request):
    """What a file of tests keeps in caches of its own, whole worlds mostly, goes when its tests are over."""
    yield
    for kept in vars(request.module).values():
        if hasattr(kept, "cache_clear") and kept.__module__ == request.module.__name__:
            kept.cache_clear()
