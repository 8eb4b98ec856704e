"""Reads query templates: `templates/<id>.sql` (a user's own: `factors/` of a content folder).

A file has a header (id, zh, en, table, parameter as `name | SQL type`, several with a comma between), the query with
`$name`, and after it a query that gives for the values of the parameters how many rows the first one selects: a column
of each parameter's name, `rows_selected` and, if it chooses the values itself, `level`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sfbench.content import listing
from sfbench.errors import SfbenchError, did_you_mean, raise_all
from sfbench.folders import read_text

_KEYS = ("id", "zh", "en", "table", "parameter")
_LINE = re.compile(r"--\s(\w+):\s*(.*)")
_PARAMETER = re.compile(r"(\w+)\s*\|\s*([^|]+?)\s*(?:,(?=\s*\w+\s*\|)|$)")  # a type may have a comma: DECIMAL(18, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A query with parameters, name -> SQL type. `table`: whose rows the share is of; `counts`: values and rows."""

    id: str
    zh: str
    en: str
    table: str
    parameters: Mapping[str, str]
    query: str
    counts: str
    where: str


def templates(content: Iterable[Path] = ()) -> dict[str, Template]:
    """Every template by id. Raises the errors of all files at once."""
    errors: list[SfbenchError] = []
    found: dict[str, Template] = {}
    for name, path in listing("factors", tuple(content)).items():
        try:
            found[name] = _read(path)
        except SfbenchError as error:
            errors.append(error)
    raise_all(errors)
    return found


def _read(path: Path) -> Template:
    text = read_text(path)
    head: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("--"):
            break
        match = _LINE.fullmatch(line)
        if not match or match[1] not in _KEYS:
            fix = did_you_mean(match[1], _KEYS) if match else "write `-- key: value`"
            raise SfbenchError("not a header line of a query template", where=f"{path}:{number}", why=line, fix=fix)
        head[match[1]] = match[2].strip()
    if missing := [key for key in _KEYS if not head.get(key)]:
        raise SfbenchError(f"the header lacks {', '.join(missing)}", where=f"{path}:1", fix="add `-- key: value`")
    body = re.sub(r"(?m)^--.*\n", "", text)
    queries = [part.strip() for part in body.split(";") if part.strip()]
    parameters = dict(_PARAMETER.findall(head["parameter"]))
    asked = set(re.findall(r"\$(\w+)", queries[0])) if queries else set()
    if len(queries) != 2 or not parameters or asked != parameters.keys() or head["id"] != path.stem:
        why = f"it is called {path.stem!r} and holds {len(queries)} queries; the parameter is {head['parameter']!r}"
        if asked:
            why += f", and the first query asks for {', '.join(f'${name}' for name in sorted(asked))}"
        fix = "name the file by its id; write `-- parameter: name | TYPE`, the query with $name, and the counts"
        raise SfbenchError("the query template is not whole", where=f"{path}:1", why=why, fix=fix)
    return Template(
        id=head["id"],
        zh=head["zh"],
        en=head["en"],
        table=head["table"],
        parameters=parameters,
        query=queries[0],
        counts=queries[1],
        where=str(path),
    )
