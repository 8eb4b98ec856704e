"""`sfbench report`: a dataset's figures, banks and verdicts as one page."""

from __future__ import annotations

from sfbench.cli import options as o
from sfbench.cli.content import folders
from sfbench.cli.cut import tell_cut
from sfbench.cli.new_file import check_new_file
from sfbench.cli.say import pick, size, waiting


def report(
    path: o.Dataset,
    out: o.OutPage,
    figures: o.FiguresFile = None,
    method: o.ReportMethod = "shenzhen_tech_finance",
    replicates: o.Replicates = "200",
    checks: o.ChecksFile = None,
    copy: o.CopyCard = None,
    as_of: o.AsOf = None,
    force: o.Force = False,
    content: o.Content = None,
    lang: o.Lang = "en",
) -> None:
    """Write one HTML page that needs no network: targets, measures, banks, districts, risk, verdicts, provenance.

    Computes the figures unless --figures gives them. The page shows Chinese and English; --lang says in which it opens.
    """
    from sfbench.report import check_library, collect, save

    check_new_file(out, force, (".html",))
    check_library()
    tell_cut(path, lang)
    count, extra, day = o.natural("--replicates", replicates), folders(content), o.day("--as-of", as_of)
    with waiting(pick(lang, "computing the report", "正在生成报告")):
        pieces = collect(
            path,
            figures=figures,
            method=None if method == "none" else method,
            replicates=count,
            checks=checks,
            copy=copy,
            as_of=day,
            content=extra,
        )
        save(pieces, out, lang)
    print(
        pick(
            lang,
            f"{out}: {size(out.stat().st_size)}, open it in a browser",
            f"{out}：{size(out.stat().st_size)}，用浏览器打开",
        )
    )
    if checks is None:
        print(
            pick(
                lang,
                f"next: sfbench validate {path} --json > checks.json, then --checks checks.json",
                f"下一步：sfbench validate {path} --json > checks.json，再加 --checks checks.json",
            )
        )
