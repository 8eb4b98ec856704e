"""Of all tests: libraries that start threads of their own take one, as pytest-xdist fills the cores already."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
