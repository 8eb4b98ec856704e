"""`sfbench cache`: the datasets that fixtures and samples keep."""

from __future__ import annotations

import datetime

from sfbench.cli import options as o
from sfbench.cli.say import pick, print_json, print_table, size


def list_kept(as_json: o.Json = False, lang: o.Lang = "en") -> None:
    """List the datasets of the cache, the last used first."""
    from sfbench.cache import kept

    found = kept()
    if as_json:
        print_json([{"path": str(k.path), "bytes": k.bytes, "used": k.used, "order": k.order} for k in found])
        return
    rows = [
        (
            k.path.name[:12],
            str(k.order.get("scenario", "?")),
            str(k.order.get("scale", "?")),
            str(k.order.get("seed", "?")),
            str(len(k.order["tables"])) if k.order.get("tables") else pick(lang, "all", "全部"),
            size(k.bytes),
            f"{datetime.datetime.fromtimestamp(k.used):%Y-%m-%d %H:%M}",
        )
        for k in found
    ]
    titles = (
        ("key", "键"),
        ("scenario", "情景"),
        ("scale", "规模"),
        ("seed", "种子"),
        ("tables", "数据表"),
        ("size", "大小"),
        ("last used", "最近使用"),
    )
    print_table([pick(lang, *title) for title in titles], rows, right=(2, 3, 4, 5))
    total = size(sum(k.bytes for k in found))
    print(pick(lang, f"{len(found)} datasets, {total}", f"{len(found)}个数据集，{total}"))


def clear_kept(unused_days: o.UnusedDays = 0.0, as_json: o.Json = False, lang: o.Lang = "en") -> None:
    """Remove datasets of the cache; they are made again when they are asked for."""
    from sfbench.cache import clear

    gone = clear(unused_days)
    total = sum(k.bytes for k in gone)
    if as_json:
        print_json({"removed": [str(k.path) for k in gone], "bytes": total})
        return
    print(pick(lang, f"removed {len(gone)} datasets, {size(total)}", f"已清除{len(gone)}个数据集，{size(total)}"))


def show_folder() -> None:
    """Print the cache folder."""
    from sfbench.cache import cache_folder

    print(cache_folder())
