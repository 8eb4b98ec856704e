"""`sfbench plan`: what a run would do, before a byte is written."""

from __future__ import annotations

from sfbench.cli import options as o
from sfbench.cli.generate import wished
from sfbench.cli.say import pick, print_json, print_table, size


def plan(
    scenario: o.Scenario,
    scale: o.Scale = "tiny",
    seed: o.Seed = "0",
    tables: o.Tables = None,
    as_of: o.AsOf = None,
    since: o.Since = None,
    until: o.Until = None,
    content: o.Content = None,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Show what a run would make, without writing it.

    Blocks, files, rows, bytes, memory and seconds, as estimated from the declarations.
    """
    wish = wished(scenario, scale, seed, tables, as_of, since, until, content)
    import sfbench.content as all_content
    from sfbench.world.seal import PRIVATE

    known = all_content.tables(wish.content)
    guess = wish.estimate()
    total = guess.pop("total")
    files = {name: wish.parts if known[name].spec.stage == "block" else 1 for name in wish.tables}
    facts = {
        "scenario": wish.scenario.name,
        "scale": wish.scale,
        "seed": PRIVATE if wish.salt else wish.seed,
        "firms": wish.firms,
        "blocks": wish.blocks,
        "files": sum(files.values()),
        **{name: round(value, 1) for name, value in total.items()},
        "digest": wish.digest,
        "tables": {name: {"files": files[name], **guess[name]} for name in wish.tables},
    }
    if as_json:
        print_json(facts)
        return
    rows = [(n, f"{files[n]:,}", f"{guess[n]['rows']:,.0f}", size(guess[n]["bytes"])) for n in wish.tables]
    rows.append(
        (pick(lang, "total", "合计"), f"{sum(files.values()):,}", f"{total['rows']:,.0f}", size(total["bytes"]))
    )
    name, seed_shown, seconds, memory = wish.scenario.name, facts["seed"], total["cpu_seconds"], total["memory_mib"]
    title = pick(
        lang,
        f"{name}, scale {wish.scale:g}, seed {seed_shown}: {wish.firms:,} firms in {wish.blocks:,} blocks",
        f"{name}，规模{wish.scale:g}，种子{seed_shown}：{wish.firms:,}户企业，{wish.blocks:,}块",
    )
    titles = (("table", "数据表"), ("files", "文件数"), ("rows, about", "约行数"), ("bytes, about", "约字节数"))
    print_table([pick(lang, *words) for words in titles], rows, right=(1, 2, 3), title=title)
    en = f"about {seconds:,.1f} s on one core and {memory:,.0f} MiB a process; nothing is written"
    print(pick(lang, en, f"单核约{seconds:,.1f}秒，每个进程约{memory:,.0f} MiB；未写入任何内容"))
