"""The bench: tasks, questions, methods, figures, certificates."""

from __future__ import annotations

import sfbench.content as content
from sfbench.bench.certify import FOLDER, Certificate, stored
from sfbench.bench.figures import FIGURES
from sfbench.bench.questions import question
from sfbench.bench.tasks import task, task_names
from website.reference.markdown import both, code, link, plain, table, words
from website.reference.places import BENCH, SCENARIOS

_YES = {True: "yes 是", False: ""}


def pages() -> dict[str, str]:
    """One page."""
    return {BENCH: _HEAD + _tasks() + _questions() + _methods() + _figures() + _certificates()}


_HEAD = """# Bench: tasks, methods, certificates 评测台

What a method is asked, how its answer is scored, which methods are there, and what has been certified. How to use it:
[how to try an evaluation method](../how-to/bench.md); how to read a certificate: [truth and
twins](../explanation/truth.md).

评测台的任务、问题、方法与认证结果。

"""


def _tasks() -> str:
    found = [task(name) for name in task_names()]
    rows = [(code(t.name), both(t.zh, t.en), both(t.asks_zh, t.asks_en), t.answer) for t in found]
    return "## Tasks 任务 { #tasks }\n\n" + table(("task 任务", "name 名称", "asks 要求", "answer 答案"), rows)


def _questions() -> str:
    found = [question(name) for name in sorted(content.listing("questions"))]
    rows = [(f'<a id="{q.name}"></a>{code(q.name)}', both(q.zh, q.en), code(q.task), words(q.asks)) for q in found]
    return "## Questions 问题 { #questions }\n\n" + table(("question 问题", "name 名称", "task 任务", "asks"), rows)


def _methods() -> str:
    found = [content.method(name).spec for name in content.method_names()]
    rows = [
        (
            code(m.name),
            both(m.zh, m.en),
            code(m.question or m.task),
            _YES[m.naive],
            both(m.source_zh, m.source) if m.source_zh else plain(m.source),
        )
        for m in found
    ]
    heads = ("method 方法", "what 含义", "answers 回答", "naive 朴素", "source 出处")
    return f"## Methods 方法 {{ #methods }}\n\n{len(rows)} methods; `sfbench list estimators`.\n\n" + table(heads, rows)


def _figures() -> str:
    rows = [(code(name), zh, plain(en)) for name, (zh, en) in FIGURES.items()]
    return "## Figures 评分 { #figures }\n\n" + table(("figure", "名称", "what"), rows)


def _certificates() -> str:
    found = [stored(path.stem) for path in sorted(FOLDER.glob("*.json"))]
    heads = ("scenario 情景", "figure 评分", "seeds 种子数", "naive 朴素方法", "better 较好方法", "holds 成立")
    about = (
        "Each claim was fixed in the scenario's file before its seeds were run: the naive method loses at least so "
        "much, the better one at most so much. Figures are means over the seeds, with their Monte Carlo errors.\n\n"
    )
    rows = [_certificate(one) for one in found if one is not None]
    return "## Certificates 认证 { #certificates }\n\n" + about + table(heads, rows)


def _certificate(one: Certificate) -> tuple[str, ...]:
    claim = one.claim
    naive = f"{code(claim['naive'])} {one.naive:+.3f} ({one.naive_se:.3f}), loss ≥ {claim['fails_by']:g}"
    better = f"{code(claim['better'])} {one.better:+.3f} ({one.better_se:.3f}), loss ≤ {claim['within']:g}"
    scenario = link(BENCH, SCENARIOS, code(one.scenario), one.scenario)
    return scenario, claim["figure"], f"{claim['seeds']:,}", naive, better, "yes 是" if one.holds else "no 否"
