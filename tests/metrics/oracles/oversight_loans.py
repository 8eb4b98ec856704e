"""Measure 19: NPL ratio, migration of grades, concentration, formation of NPL, from notes kept one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

import polars as pl

from .oversight_kit import CENTS, Data, Found, month_end, number, ratio


def _cents(keep: pl.Expr) -> pl.Expr:
    return pl.col("cents").filter(keep).sum()


def npl_ratio(data: Data, found: Found) -> None:
    """tech_npl_ratio."""
    tech, flagged, bad = pl.col("tech"), pl.col("flagged"), pl.col("bad")
    sums = {
        "tech": _cents(tech),
        "tech_bad": _cents(tech & bad),
        "late": _cents(tech & (pl.col("overdue_days") > 90)),
        "flagged": _cents(flagged),
        "flagged_bad": _cents(flagged & bad),
        "all": _cents(pl.lit(True)),
        "all_bad": _cents(bad),
    }
    age = pl.col("t") - pl.col("founded")
    stage = pl.when(age < 60).then(pl.lit("startup")).when(age < 120).then(pl.lit("growth")).otherwise(pl.lit("mature"))
    notes = data.notes.join(data.firms, on="enterprise_id").with_columns(stage=stage, total=pl.lit("total"))
    by = {"total": "total", "bank": "institution_id", "stage": "stage", "cluster": "cluster_id"}
    for cut, column in by.items():
        grouped = notes.filter(pl.col(column).is_not_null()).group_by("t", column).agg(**sums)
        for row in grouped.iter_rows(named=True):
            found.put(
                "tech_npl_ratio",
                month_end(row["t"]),
                cut,
                row[column],
                npl_ratio=ratio(row["tech_bad"], row["tech"]),
                npl_ratio_tech_enterprise=ratio(row["flagged_bad"], row["flagged"]),
                npl_ratio_all_notes=ratio(row["all_bad"], row["all"]),
                overdue_90_ratio=ratio(row["late"], row["tech"]),
                npl_balance=row["tech_bad"] / CENTS,
            )
    for t in set(data.months) - data.noted_months:
        names = ("npl_ratio", "npl_ratio_tech_enterprise", "npl_ratio_all_notes", "overdue_90_ratio")
        found.put("tech_npl_ratio", month_end(t), "total", "total", **dict.fromkeys(names), npl_balance=0)


def migration(data: Data, found: Found) -> None:
    """grade_migration."""
    for first, last in data.years:
        opening = data.notes.filter(pl.col("t") == number(first) - 1)
        closing = data.notes.filter(pl.col("t") == number(last)).select("loan_id", end="cents", end_grade="grade")
        gone = data.disposals.filter(pl.col("event_on").is_between(first, last))
        gone = gone.group_by("loan_id").agg(pl.col("gone").sum())
        moved = opening.join(closing, on="loan_id", how="left").join(gone, on="loan_id", how="left")
        moved = moved.with_columns(pl.col("end", "gone").fill_null(0), pl.col("end_grade").fill_null(0))
        _migrated(found, last, "total", "total", moved)
        for (bank,), part in moved.group_by("institution_id"):
            _migrated(found, last, "bank", bank, part)
        pairs = moved.filter(pl.col("end") > 0).group_by("grade", "end_grade").agg(pl.col("end").sum())
        for grade, end_grade, cents in pairs.iter_rows():
            found.put("grade_migration", last, "grade_pair", f"FQ0{grade}_FQ0{end_grade}", amount=cents / CENTS)
        for grade, cents in moved.filter(pl.col("gone") > 0).group_by("grade").agg(pl.col("gone").sum()).iter_rows():
            found.put("grade_migration", last, "grade_pair", f"FQ0{grade}_out", amount=cents / CENTS)


def _migrated(found: Found, period: date, cut: str, value: object, moved: pl.DataFrame) -> None:
    kept, down = pl.col("end") + pl.col("gone"), pl.col("end_grade") > pl.col("grade")
    lower = pl.when(down).then(pl.col("end")).otherwise(0)
    bad = pl.when(pl.col("end_grade") >= 3).then(pl.col("end")).otherwise(0)

    def rate(opened: pl.Expr, part: pl.Expr, whole: pl.Expr = kept) -> float | None:
        one, two = moved.filter(opened).select(part.sum().alias("part"), whole.sum().alias("whole")).row(0)
        return ratio(one, two)

    grade, worse = pl.col("grade"), lower + pl.col("gone")
    found.put(
        "grade_migration",
        period,
        cut,
        value,
        **{"pass": rate(grade == 1, worse)},
        special_mention=rate(grade == 2, worse),
        substandard=rate(grade == 3, worse),
        doubtful=rate(grade == 4, worse),
        performing_to_npl=rate(grade <= 2, bad + pl.col("gone")),
        pass_tech=rate((grade == 1) & pl.col("tech"), worse),
        pass_on_books=rate(grade == 1, lower, pl.col("end")),
        amount=moved.select(kept.sum()).item() / CENTS,
    )


def concentration(data: Data, found: Found) -> None:
    """exposure_concentration."""
    capital = data.frame("institution_year").filter(pl.col("tier1_capital").is_not_null()).sort("year_end")
    reports = data.frame("bank_month").filter((pl.col("reporting_scope") == "PBOC") & pl.col("current"))
    for _, last in data.quarters:
        then = capital.filter(pl.col("year_end") <= last).group_by("institution_id", maintain_order=True).last()
        tier1 = {bank: float(money) for bank, money in then.select("institution_id", "tier1_capital").iter_rows()}
        loans: dict[object, float] = {}
        for bank, money in reports.filter(pl.col("month") == last).select("institution_id", "all_loans").iter_rows():
            loans[bank] = float(money)
        loans["total"] = sum(loans.values())
        notes = data.notes.filter(pl.col("t") == number(last)).join(data.firms, on="enterprise_id")
        notes = notes.with_columns(group=pl.coalesce("group_id", "enterprise_id"))
        ratios: dict[str, list[float]] = defaultdict(list)
        for bank, part in _banks_then_total(notes):
            customers, groups = _sizes(part, "enterprise_id"), _sizes(part, "group")
            clusters = _sizes(part.filter(pl.col("cluster_id").is_not_null()), "cluster_id")
            largest = {
                "largest_customer_ratio": ratio(customers[0] / 100, tier1.get(bank, 0)) if customers else None,
                "largest_group_ratio": ratio(groups[0] / 100, tier1.get(bank, 0)) if groups else None,
            }
            for name, figure in largest.items():
                ratios[name] += [] if figure is None else [figure]
            if bank == "total":
                largest = {name: max(ratios[name], default=None) for name in largest}
            found.put(
                "exposure_concentration",
                last,
                "total" if bank == "total" else "bank",
                bank,
                **largest,
                top10_share=ratio(sum(customers[:10]), sum(customers)),
                top10_share_all_loans=ratio(sum(customers[:10]) / 100, loans.get(bank, 0)),
                cluster_hhi=ratio(sum(c * c for c in clusters), sum(clusters) ** 2, 10_000),
            )


def _banks_then_total(notes: pl.DataFrame) -> Iterator[tuple[object, pl.DataFrame]]:
    for (bank,), part in notes.group_by("institution_id"):
        yield bank, part
    yield "total", notes


def _sizes(notes: pl.DataFrame, column: str) -> list[int]:
    """Balances by customer, group or cluster, the largest first."""
    return sorted(notes.group_by(column).agg(pl.col("cents").sum()).get_column("cents"), reverse=True)


def formation(data: Data, found: Found) -> None:
    """npl_formation_rate."""
    before = data.notes.select("loan_id", pl.col("t") + 1, "flagged")
    gone = data.disposals.join(before, on=["loan_id", "t"], how="left").join(data.loans, on="loan_id")
    gone = gone.with_columns(tech=pl.col("flagged").fill_null(False) | pl.col("tech_use"))
    for first, last in data.quarters:
        if number(first) - 1 not in data.months:
            found.put("npl_formation_rate", last, "total", "total", rate=None, rate_tech=None)
            continue
        stocks = {
            "open": data.notes.filter(pl.col("t") == number(first) - 1),
            "end": data.notes.filter(pl.col("t") == number(last)),
        }
        out = gone.filter(pl.col("event_on").is_between(first, last))
        for cut, key in (
            ("total", pl.lit("total")),
            ("bank", pl.col("institution_id")),
            ("vintage", pl.col("granted_on").dt.year()),
        ):
            sums: dict[object, dict[str, int]] = defaultdict(lambda: defaultdict(int))
            for tech in (False, True):
                keep = pl.col("tech") | pl.lit(not tech)
                for name, part in stocks.items():
                    _add(sums, part.filter(keep), key, "cents", f"{name}{tech}")
                    _add(sums, part.filter(keep & pl.col("bad")), key, "cents", f"{name}_bad{tech}")
                _add(sums, out.filter(keep), key, "gone", f"gone{tech}")
            for value, s in sums.items():
                formed = {tech: s[f"end_bad{tech}"] - s[f"open_bad{tech}"] + s[f"gone{tech}"] for tech in (False, True)}
                found.put(
                    "npl_formation_rate",
                    last,
                    cut,
                    value,
                    rate=ratio(formed[False], s["openFalse"]),
                    rate_tech=ratio(formed[True], s["openTrue"]),
                    formation=formed[False] / CENTS,
                    disposals=s["goneFalse"] / CENTS,
                )


def _add(sums: dict[object, dict[str, int]], part: pl.DataFrame, key: pl.Expr, column: str, name: str) -> None:
    for value, cents in part.group_by(key.alias("key")).agg(pl.col(column).sum()).iter_rows():
        sums[value][name] += cents
