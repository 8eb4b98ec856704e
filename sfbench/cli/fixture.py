"""`sfbench fixture`: a few linked rows of each table as files, with the metric values that they must give."""

from __future__ import annotations

from pathlib import Path

from sfbench.cli import options as o
from sfbench.cli.say import pick, print_json, waiting


def fixture(
    scenario: o.ScenarioOption = "baseline",
    form: o.FixtureFormat = "csv",
    out: o.OutFolder = Path("fixture"),
    rows: o.RowsAtMost = 200,
    scale: o.Scale = "tiny",
    seed: o.Seed = "0",
    tables: o.Tables = None,
    cuts: o.Cuts = None,
    force: o.Force = False,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Write test data for another system: at most --rows linked rows of each table, and what the metrics must be.

    OUT holds the tables, expected.csv with the values of all metrics that these rows allow, and fixture.json.
    """
    from sfbench.cache import Order
    from sfbench.fixture import write_fixture

    order = Order(scenario=scenario, scale=scale, seed=o.natural("--seed", seed), tables=o.names("--tables", tables))
    with waiting(pick(lang, "making a fixture", "正在生成测试数据")):
        made = write_fixture(out, form, rows=rows, order=order, cuts=o.names("--cut", cuts) or ("total",), force=force)
    if as_json:
        print_json({"out": str(out), "format": form, "rows": dict(made.rows), "values": made.values})
        return
    total = sum(made.rows.values())
    en = f"{out}: {len(made.rows)} tables, {total:,} linked rows, {made.values:,} expected values (synthetic)"
    zh = f"{out}：{len(made.rows)} 张表，{total:,} 行关联数据，{made.values:,} 个预期指标值（合成数据）"
    print(pick(lang, en, zh))
