"""The data dictionary as one HTML page in both languages: no script, no network, readable on a phone, printable."""

from __future__ import annotations

from html import escape

from sfbench.metadata.facts import Facts, Held
from sfbench.metadata.markdown import HEADS, facts_of

NAME = "dictionary.html"
_STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; margin: 2rem auto;
  max-width: 75rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
.wide { overflow-x: auto; }
th, td { border-bottom: 1px solid #8886; padding: .3rem .5rem; text-align: left; vertical-align: top; }
th { white-space: nowrap; }
td:first-child { font-family: ui-monospace, monospace; }
nav { columns: 16rem; }
details { margin: .3rem 0; }
@media print { nav { display: none; } section { break-inside: avoid-page; } }
"""


def text(facts: Facts) -> str:
    """The file's text."""
    links = "".join(f'<li><a href="#{h.table.name}">{h.table.name}</a> {escape(h.table.zh)}</li>' for h in facts.tables)
    return f"""<!doctype html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(facts.name)}: data dictionary 数据字典</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{escape(facts.name)}: data dictionary 数据字典</h1>
<p>{escape(facts.description)}</p>
<nav aria-label="tables 数据表"><ul>{links}</ul></nav>
{"".join(map(_section, facts.tables))}</body>
</html>
"""


def _section(held: Held) -> str:
    table = held.table
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in HEADS)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in facts_of(column)) + "</tr>\n"
        for column in table.columns
    )
    codes = "".join(
        f"<details><summary>{escape(column.name)}: {len(column.values)} codes 代码</summary><ul>"
        + "".join(f"<li>{escape(code.code)} {escape(code.zh)} {escape(code.en)}</li>" for code in column.values)
        + "</ul></details>\n"
        for column in table.columns
        if column.values
    )
    return f"""<section id="{table.name}">
<h2>{table.name}: {escape(table.zh)} {escape(table.en)}</h2>
<p>{held.rows:,} rows 行; key 主键: {escape(", ".join(table.key))}</p>
<div class="wide"><table><thead><tr>{heads}</tr></thead><tbody>
{rows}</tbody></table></div>
{codes}</section>
"""
