"""From a template to a page that needs nothing else: style, script, charts, and Vega bundled in once for all."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sfbench.assess.writers.page import CSS, both
from sfbench.errors import SfbenchError
from sfbench.report.parts import Charts
from sfbench.words import Language

_FOLDER = Path(__file__).with_name("templates")


def check_library() -> None:
    """Raises SfbenchError if what draws the charts is not installed."""
    if importlib.util.find_spec("vl_convert") is None:
        fix = "pip install 'sfbench[report]'"
        raise SfbenchError("the report needs vl-convert-python", why="it is not installed", fix=fix)


def rendered(template: str, lang: Language, charts: Charts, **content: Any) -> str:
    """The page, which opens in `lang`. All charts have to be registered before. Raises as `check_library` does."""
    check_library()
    import vl_convert

    return (
        _environment()
        .get_template(template)
        .render(
            lang=lang,
            css=Markup(CSS.read_text(encoding="utf-8") + (_FOLDER / "report.css").read_text(encoding="utf-8")),
            script=Markup((_FOLDER / "report.js").read_text(encoding="utf-8")),
            vega=Markup(_in_script(vl_convert.javascript_bundle())),  # type: ignore[call-arg]  # its stub knows no default
            charts=_data(charts.specs),
            series=_data(charts.series),
            **content,
        )
    )


def _data(value: Any) -> Markup:
    return Markup(_in_script(json.dumps(value, ensure_ascii=False, separators=(",", ":"))))


def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["both"] = lambda pair: Markup(both((str(pair[0]), str(pair[1]))))
    return found


def _in_script(source: str) -> str:
    """No text of a script may end the element that it stands in. (A regular expression may hold the mere `</`.)"""
    return re.sub(r"</(?=script)", r"<\\/", source, flags=re.IGNORECASE)
