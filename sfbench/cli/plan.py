"""`sfbench plan`: what a run would do, before a byte is written."""

from __future__ import annotations

from sfbench.cli import options as o
from sfbench.cli.generate import wished
from sfbench.cli.say import print_json, print_table, size


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
    rows.append(("total", f"{sum(files.values()):,}", f"{total['rows']:,.0f}", size(total["bytes"])))
    named = f"{wish.scenario.name}, scale {wish.scale:g}, seed {facts['seed']}"
    title = f"{named}: {wish.firms:,} firms in {wish.blocks:,} blocks"
    print_table(("table", "files", "rows, about", "bytes, about"), rows, right=(1, 2, 3), title=title)
    needs = f"about {total['cpu_seconds']:,.1f} s on one core and {total['memory_mib']:,.0f} MiB a process"
    print(f"{needs}; nothing is written")
