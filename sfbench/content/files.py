"""Lists the files of a kind of content over the built-in folders and a user's own."""

from __future__ import annotations

from pathlib import Path

from sfbench.errors import SfbenchError, raise_all
from sfbench.folders import BUILT_IN, PACKAGE

# kind -> (built-in folder, folder under a user's --content DIR, suffixes)
_KINDS: dict[str, tuple[Path, str, tuple[str, ...]]] = {
    "generators": (BUILT_IN / "generators", "generators", (".py",)),
    "expectations": (BUILT_IN / "expectations", "expectations", (".yaml", ".sql")),
    "scenarios": (BUILT_IN / "scenarios", "scenarios", (".yaml",)),
    "faults": (PACKAGE / "reporting" / "faults", "faults", (".py",)),
    "metrics": (PACKAGE / "metrics", "metrics", (".sql",)),
    "methods": (PACKAGE / "assess" / "methods", "methods", (".yaml",)),
    "marts": (PACKAGE / "metrics" / "marts", "marts", (".sql",)),
    "questions": (PACKAGE / "bench" / "question_sql", "questions", (".sql",)),
    "bench_methods": (PACKAGE / "bench" / "methods", "bench_methods", (".py", ".sql")),
    "factors": (PACKAGE / "factors" / "templates", "factors", (".sql",)),
}


def listing(kind: str, extra: tuple[Path, ...] = ()) -> dict[str, Path]:
    """Name -> file of every piece of content of a kind, sorted by name.

    Raises SfbenchError if a folder of `extra` does not exist or two files claim one name.
    """
    built_in, folder, suffixes = _KINDS[kind]
    errors, found = [], dict[str, Path]()
    for root in extra:
        if not root.is_dir():
            errors.append(
                SfbenchError("no such content folder", where=str(root), fix="give an existing folder to --content")
            )
    for directory in (built_in, *(root / folder for root in extra)):
        for path in sorted(directory.glob("*")) if directory.is_dir() else []:
            if path.suffix not in suffixes or path.stem.startswith("_"):
                continue
            if path.stem in found:
                why = f"{found[path.stem]} has the same name"
                errors.append(
                    SfbenchError(f"two {kind} are called {path.stem!r}", where=str(path), why=why, fix="rename one")
                )
            found[path.stem] = path
    raise_all(errors)
    return dict(sorted(found.items()))
