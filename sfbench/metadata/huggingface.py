"""A dataset card for Hugging Face: README.md with the YAML that its hub reads, and what a reader must know."""

from __future__ import annotations

from typing import Any

import yaml

from sfbench.metadata.facts import Facts
from sfbench.metadata.markdown import cell

NAME = "README.md"
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"), (10**7, "1M<n<10M"))


def text(facts: Facts) -> str:
    """The file's text."""
    rows = sum(held.rows for held in facts.tables)
    size = next((name for limit, name in _SIZES if rows < limit), "10M<n<100M" if rows < 10**8 else "100M<n<1B")
    head: dict[str, Any] = {
        "pretty_name": facts.name,
        "license": "apache-2.0",
        "language": ["zh", "en"],
        "size_categories": [size],
        "tags": ["finance", "tabular", *(["synthetic"] if facts.synthetic else [])],
        "configs": [
            {"config_name": held.table.name, "data_files": [file.path for file in held.files]} for held in facts.tables
        ],
    }
    lines = [
        "---",
        yaml.safe_dump(head, allow_unicode=True, sort_keys=False).rstrip(),
        "---",
        "",
        f"# {facts.name}",
        "",
    ]
    lines += [facts.description, ""]
    if facts.synthetic:
        lines += [
            "**Every row is invented. 每一行都是虚构的。** Names are made up; credit codes have area codes that no",
            "authority has assigned. Totals follow published figures up to 2025-12; later months are a projection.",
            "No figure here is evidence about a real institution.",
            "",
            "## How it was made",
            "",
            *(f"- {name}: {value}" for name, value in facts.source.items() if value not in ("", None)),
            "",
        ]
    lines += ["## Tables", "", "| table | 数据表 | what | rows |", "|---|---|---|---|"]
    lines += [f"| {h.table.name} | {cell(h.table.zh)} | {cell(h.table.en)} | {h.rows:,} |" for h in facts.tables]
    lines += ["", "```python", "from datasets import load_dataset", ""]
    lines += [f'load_dataset("PATH", "{facts.tables[0].table.name}")', "```", ""]
    return "\n".join(lines)
