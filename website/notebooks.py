"""Notebooks: executed in a folder of their own by the running interpreter, and shown as pages."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbconvert.exporters import MarkdownExporter

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "notebooks"
_SECONDS = 600  # of a cell, on a machine that does other things, too
_PANDAS = re.compile(r"<style scoped>.*?</style>\n|(?<=<table) border=\"1\" class=\"dataframe\"", re.DOTALL)


@cache
def executed(text: str) -> Any:
    """The notebook of a file's text, with its outputs. Raises nbclient's CellExecutionError where a cell fails.

    Nothing is written but in a temporary folder; the kernel listens on sockets in it and on no port.
    """
    with tempfile.TemporaryDirectory(prefix="sfbench-") as folder:
        return asyncio.run(_execute(nbformat.reads(text, as_version=4), Path(folder)))


async def _execute(notebook: Any, folder: Path) -> Any:
    home = folder / "home"
    home.mkdir()
    kernel = AsyncKernelManager(
        kernel_name="python3",
        kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),  # no installed kernel: the running interpreter
        transport="ipc",
        connection_file=str(home / "kernel.json"),
        ip=str(home / "kernel"),
    )
    own = dict.fromkeys(("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "MPLCONFIGDIR"), str(home))
    client = NotebookClient(notebook, km=kernel, timeout=_SECONDS, resources={"metadata": {"path": str(folder)}})
    try:
        return await client.async_execute(env=os.environ | own)
    finally:
        await kernel.shutdown_kernel(now=True)


def page(path: Path) -> tuple[str, dict[str, bytes]]:
    """(Markdown, pictures by their place beside the page) of a notebook, executed."""
    wish = {"unique_key": path.stem, "output_files_dir": "img"}
    text, extra = MarkdownExporter().from_notebook_node(executed(path.read_text(encoding="utf-8")), wish)
    title, _, rest = _PANDAS.sub("", text).partition("\n")
    return f"{title}\n\n[{path.name}]({path.name})\n{rest}", extra["outputs"]
