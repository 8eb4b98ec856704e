"""The metrics of the first issue in plain Python: sums over dicts in integer cents and Fractions.

`python -m tests.acceptance.oracle` writes expected_metrics.csv, expected_targets.csv and
expected_changes.csv. No code is shared with sfbench. Row sets: see README.md ("What rows to expect").
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

import yaml

from .edits import HERE, Row, Tables, read_tables

HUNDRED_MILLION = 10_000_000_000  # cents in CNY 100m
TARGETS = (
    ("tech_enterprise_loan_growth_gap", "gap", 0),
    ("tech_industry_loan_balance", "balance", 20_000),
    ("tech_loan_balance", "balance", 22_000),
)
Key = tuple[str, str, str, str, str]  # metric, component, period, cut, cut_value


class Value(NamedTuple):
    """A value, or why there is none."""

    value: Fraction | None
    reason: str = ""


def cents(text: str) -> int:
    whole, _, part = text.partition(".")
    return int(whole + part.ljust(2, "0"))


class Data:
    """The tables with parsed cells and the joins that the definitions name."""

    def __init__(self, tables: Tables) -> None:
        self.months = sorted(date.fromisoformat(r["month"]) for r in tables["month"])
        self.loan = {r["loan_id"]: r for r in tables["loan"]}
        self.firm = {r["enterprise_id"]: r for r in tables["enterprise"]}
        self.tags = tables["enterprise_tag"]
        self.flows = tables["loan_flow"]
        self.notes: dict[date, list[Note]] = defaultdict(list)
        for r in tables["loan_balance"]:
            month, loan = date.fromisoformat(r["month"]), self.loan[r["loan_id"]]
            self.notes[month].append(
                Note(
                    month, r, loan, cents(r["balance_rmb"]), r["tech_enterprise"] == "true", loan["tech_use"] == "true"
                )
            )
        self.flagged = {(n.month, n.loan["loan_id"]) for ns in self.notes.values() for n in ns if n.a}
        self.pboc = [r for r in tables["bank_month"] if r["reporting_scope"] == "PBOC"]
        self.report: dict[date, dict[str, dict[str, Row]]] = defaultdict(
            lambda: defaultdict(dict)
        )  # month, version, bank
        self.version: dict[date, str] = {}  # the version published for a month
        for r in self.pboc:
            month = date.fromisoformat(r["month"])
            self.report[month][r["scope_version"]][r["institution_id"]] = r
            if r["current"] == "true":
                assert self.version.setdefault(month, r["scope_version"]) == r["scope_version"], "one version a month"

    def current(self, month: date) -> dict[str, Row]:
        return self.report[month][self.version[month]] if month in self.version else {}

    def all_loans(self, month: date, bank: str | None) -> int:
        return sum(cents(r["all_loans"]) for b, r in self.current(month).items() if bank in (None, b))


class Note(NamedTuple):
    month: date
    row: Row
    loan: Row
    rmb: int
    a: bool  # the borrower's flag at the month end
    b: bool  # tech use


def year_before(month: date) -> date:
    """Month end twelve months earlier."""
    after = date(month.year - 1 + month.month // 12, month.month % 12 + 1, 1)
    return after - timedelta(days=1)


def month_end_before(when: date) -> date:
    return when.replace(day=1) - timedelta(days=1)


def growth(now: int | Fraction, base: int | Fraction) -> Fraction | None:
    return 100 * (Fraction(now) / Fraction(base) - 1) if base else None


def gap_rows(d: Data) -> dict[Key, Value]:
    """1 tech_enterprise_loan_growth_gap: total and bank, from the month that has one twelve months earlier."""
    out: dict[Key, Value] = {}
    for t in d.months:
        base = year_before(t)
        if base not in d.months:
            continue
        frozen = {n.loan["enterprise_id"] for n in d.notes[base] if n.a}
        for bank in [None, *sorted(d.current(t))]:
            at = [n for n in d.notes[t] if bank in (None, n.loan["institution_id"])]
            was = [n for n in d.notes[base] if bank in (None, n.loan["institution_id"])]
            a_now, a_was = sum(n.rmb for n in at if n.a), sum(n.rmb for n in was if n.a)
            all_now, all_was = d.all_loans(t, bank), d.all_loans(base, bank)
            gone_a = gone = 0
            for f in d.flows:
                when = date.fromisoformat(f["event_on"])
                loan = d.loan[f["loan_id"]]
                if (
                    f["kind"] in ("write_off", "transfer")
                    and base < when <= t
                    and bank in (None, loan["institution_id"])
                ):
                    gone -= cents(f["amount_rmb"])
                    if (month_end_before(when), f["loan_id"]) in d.flagged:
                        gone_a -= cents(f["amount_rmb"])
            f_now = sum(n.rmb for n in at if n.loan["enterprise_id"] in frozen)
            f_was = sum(n.rmb for n in was if n.loan["enterprise_id"] in frozen)
            yoy_all = growth(all_now, all_was)
            published, why = published_growth(d, t, base, bank)
            values = {
                "gap": (growth(a_now, a_was), yoy_all),
                "yoy_tech_enterprise": (growth(a_now, a_was), Fraction(0)),
                "yoy_all": (yoy_all, Fraction(0)),
                "gap_disposals_added_back": (growth(a_now + gone_a, a_was), growth(all_now + gone, all_was)),
                "gap_frozen_list": (growth(f_now, f_was), yoy_all),
                "gap_published": (published, yoy_all),
            }
            for component, (left, right) in values.items():
                key = (
                    "tech_enterprise_loan_growth_gap",
                    component,
                    t.isoformat(),
                    "total" if bank is None else "bank",
                    bank or "total",
                )
                if left is None or right is None:
                    out[key] = Value(None, why if component == "gap_published" and left is None else "zero base")
                else:
                    out[key] = Value(left - right)
    return out


def published_growth(d: Data, t: date, base: date, bank: str | None) -> tuple[Fraction | None, str]:
    """Growth of the reported tech-enterprise loans, chain-linked over the break if the base has no row of v."""

    def reported(month: date, version: str) -> int | None:
        rows = [r for b, r in d.report[month][version].items() if bank in (None, b)]
        return sum(cents(r["tech_enterprise_loans"]) for r in rows) if rows else None

    v = d.version[t]
    now, then = reported(t, v), reported(base, v)
    if now is not None and then is not None:
        return growth(now, then), "zero base"
    w = d.version.get(base)
    if w is None or now is None:
        return None, "zero base"
    for o in d.months:
        link_v, link_w, then_w = reported(o, v), reported(o, w), reported(base, w)
        if base <= o <= t and link_v is not None and link_w is not None:
            if not link_v or not then_w:
                return None, "zero base"
            return 100 * (Fraction(now, link_v) * Fraction(link_w, then_w) - 1), ""
    return None, "scope break without overlap"


def stage(founded: str, t: date) -> str:
    when = date.fromisoformat(founded)
    months = (t.year * 12 + t.month) - (when.year * 12 + when.month)
    return "startup" if months < 60 else "growth" if months < 120 else "mature"


def tags_at(d: Data, firm: str, t: date) -> set[str]:
    """In-scope tags valid and published at a month end."""
    day = t.isoformat()
    return {
        r["tag"]
        for r in d.tags
        if r["enterprise_id"] == firm
        and r["in_scope"] == "true"
        and r["valid_from"] <= day <= r["valid_to"]
        and r["published_on"] <= day
    }


def note_rows(d: Data) -> dict[Key, Value]:
    """2, 3, 4, 7, 8, 9: balances and borrowers from the notes."""
    sums: dict[Key, int] = defaultdict(int)
    borrowers: dict[Key, set[str]] = defaultdict(set)
    for t in d.months:
        period = t.isoformat()
        for bank in d.current(t):  # a bank that reports has a row, be it zero
            for metric in (
                "tech_industry_loan_balance",
                "tech_loan_balance",
                "tech_loan_overlap",
                "tech_enterprise_loan_balance",
                "green_loan_balance",
            ):
                component = "overlap" if metric == "tech_loan_overlap" else "balance"
                sums[metric, component, period, "bank", bank] += 0
            borrowers["tech_enterprise_borrowers", "borrowers", period, "bank", bank] |= set()
        for n in d.notes[t]:
            firm = d.firm[n.loan["enterprise_id"]]
            bank, district = ("bank", n.loan["institution_id"]), ("district", firm["district_id"] or "out_of_city")
            total = ("total", "total")
            flags = [("industry_flag", name.upper()) for name in ("htp", "hts", "se", "pa") if n.loan[name]]
            tags = [("tag", tag) for tag in sorted(tags_at(d, firm["enterprise_id"], t))] if n.a else []
            for metric, component, member, cuts in (
                ("tech_industry_loan_balance", "balance", n.b, [total, bank, *flags]),
                ("tech_loan_balance", "balance", n.a or n.b, [total, bank, district]),
                ("tech_loan_overlap", "overlap", n.a and n.b, [total, bank]),
                (
                    "tech_enterprise_loan_balance",
                    "balance",
                    n.a,
                    [total, bank, *tags, district, ("stage", stage(firm["founded_on"], t))],
                ),
                ("green_loan_balance", "balance", n.loan["green"] == "true", [total, bank]),
            ):
                for cut in cuts if member else ():
                    sums[metric, component, period, *cut] += n.rmb
            for cut in [total, bank, *tags] if n.a and n.rmb > 0 else ():
                borrowers["tech_enterprise_borrowers", "borrowers", period, *cut].add(firm["enterprise_id"])
    out = {key: Value(Fraction(v, HUNDRED_MILLION)) for key, v in sums.items()}
    return out | {key: Value(Fraction(len(v))) for key, v in borrowers.items()}


def rate_rows(d: Data) -> dict[Key, Value]:
    """5 new_loan_rate: drawdowns in yuan, weighted by amount."""
    weight: dict[Key, int] = defaultdict(int)
    product: dict[Key, Fraction] = defaultdict(Fraction)
    for f in d.flows:
        loan, when = d.loan[f["loan_id"]], date.fromisoformat(f["event_on"])
        month = next((m for m in d.months if month_end_before(m) < when <= m), None)
        if f["kind"] != "drawdown" or loan["currency"] != "CNY" or month is None:
            continue
        for cut in (("total", "total"), ("bank", loan["institution_id"]), ("borrower_kind", loan["borrower_size"])):
            key = ("new_loan_rate", "rate", month.isoformat(), *cut)
            weight[key] += cents(f["amount_rmb"])
            product[key] += cents(f["amount_rmb"]) * Fraction(loan["grant_rate"])
    return {key: Value(product[key] / weight[key]) for key in weight}


def report_rows(d: Data) -> dict[Key, Value]:
    """6, 10, 11: the bank reports and their gap to the notes."""
    out: dict[Key, Value] = {}
    for t in d.months:
        period, rows = t.isoformat(), d.current(t)
        newest = d.report[t]["2025"]
        for bank in [None, *rows]:
            cut = ("bank", bank) if bank else ("total", "total")
            mine = [r for b, r in rows.items() if bank in (None, b)]

            def total(name: str, of: list[Row] = mine) -> int:
                return sum(cents(r[name]) for r in of)

            for component in ("all", "enterprise", "household", "overseas", "non_bank"):
                out["all_loan_balance", component, period, *cut] = Value(
                    Fraction(total(f"{component}_loans"), HUNDRED_MILLION)
                )
            parts = {"balance": total("inclusive_loans"), "household": total("inclusive_loans_other")}
            out["inclusive_loan_balance", "balance", period, *cut] = Value(Fraction(parts["balance"], HUNDRED_MILLION))
            if bank is None:
                kinds = {"household": parts["household"], "enterprise": parts["balance"] - parts["household"]}
                for kind, value in kinds.items():
                    out["inclusive_loan_balance", "balance", period, "borrower_kind", kind] = Value(
                        Fraction(value, HUNDRED_MILLION)
                    )
            notes = [n for n in d.notes[t] if bank in (None, n.loan["institution_id"])]
            chosen = [newest.get(b, r) for b, r in rows.items() if bank in (None, b)]
            sides = [("enterprise", chosen, sum(n.rmb for n in notes))]
            if newest and (bank is None or bank in newest):
                sides.append(
                    ("tech", [newest[b] for b in newest if bank in (None, b)], sum(n.rmb for n in notes if n.a or n.b))
                )
            for side, of, from_notes in sides:
                whole = total(f"{side}_loans", of)
                gap = whole - total(f"{side}_loans_other", of) - from_notes
                out["report_reconciliation_gap", f"{side}_gap", period, *cut] = Value(Fraction(gap, HUNDRED_MILLION))
                share = Value(Fraction(100 * gap, whole)) if whole else Value(None, "zero base")
                out["report_reconciliation_gap", f"{side}_gap_share", period, *cut] = share
    return out


def compute(tables: Tables) -> dict[Key, Value]:
    """Every row of every metric."""
    d = Data(tables)
    return gap_rows(d) | note_rows(d) | rate_rows(d) | report_rows(d)


def targets(values: Mapping[Key, Value]) -> list[Row]:
    """Status per period of the three targets (scale 1, cut total), first period reached, and whether it lasted."""
    out = []
    for metric, component, above in TARGETS:
        line = {k[2]: v.value for k, v in sorted(values.items()) if k[:2] == (metric, component) and k[3] == "total"}
        reached = [p for p, v in line.items() if v is not None and v > above]
        since = [p for p in line if reached and p >= reached[0]]
        sustained = "" if not reached else "true" if since == reached else "false"
        for period, value in line.items():
            status = "reached" if value is not None and value > above else "not_reached"
            out.append(
                {
                    "metric": metric,
                    "component": component,
                    "period": period,
                    "cut": "total",
                    "cut_value": "total",
                    "status": status,
                    "first_achieved_on": reached[0] if reached else "",
                    "sustained": sustained,
                }
            )
    return out


def as_rows(values: Mapping[Key, Value]) -> list[Row]:
    """Sorted text rows of expected_metrics.csv."""
    return [
        dict(zip(("metric", "component", "period", "cut", "cut_value"), key, strict=True))
        | {
            "value": "" if v.value is None else repr(float(v.value)),
            "computable": "false" if v.value is None else "true",
            "reason": v.reason,
        }
        for key, v in sorted(values.items())
    ]


def moved(before: Mapping[Key, Value], after: Mapping[Key, Value]) -> list[Row]:
    """Rows that differ; `before` or `after` is empty where there is no value; `state`: appears, disappears or moves."""
    out = []
    for key in sorted(set(before) | set(after)):
        one, two = before.get(key), after.get(key)
        if one != two:
            a, b = (x.value if x else None for x in (one, two))
            state = "appears" if one is None else "disappears" if two is None else "moves"
            delta = "" if a is None or b is None else repr(float(b - a))
            out.append(
                dict(zip(("metric", "component", "period", "cut", "cut_value"), key, strict=True))
                | {
                    "state": state,
                    "before": "" if a is None else repr(float(a)),
                    "after": "" if b is None else repr(float(b)),
                    "delta": delta,
                    "reason": two.reason if two else "",
                }
            )
    return out


def changes() -> list[dict[str, Any]]:
    """The planted changes."""
    return list(yaml.safe_load((HERE / "changes.yaml").read_text(encoding="utf-8")))


def change_rows(values: Mapping[Key, Value], wanted: Callable[[dict[str, Any]], bool] = lambda _: True) -> list[Row]:
    """All rows that the planted changes move."""
    return [
        {"change": c["id"], **row}
        for c in changes()
        if wanted(c)
        for row in moved(values, compute(read_tables(c["edits"])))
    ]


def write(name: str, rows: Iterable[Row]) -> None:
    rows = list(rows)
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    clean = compute(read_tables())
    write("expected_metrics.csv", as_rows(clean))
    write("expected_targets.csv", targets(clean))
    if (HERE / "changes.yaml").exists():
        write("expected_changes.csv", change_rows(clean))
