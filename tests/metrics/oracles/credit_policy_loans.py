"""Oracle of measure 2, second part: loans by industry, tenor, chain and cluster."""

from __future__ import annotations

from datetime import date

import polars as pl

from metrics.oracles.credit_policy_tools import City, Row, by, month_end, percent

TOTAL = ("total", "total")
SMALL, CAP = 10e6, 300.0  # yuan; percent


def capped(now: float | None, then: float | None) -> float | None:
    """Growth in percent, within +-300 on a base below CNY 10 million."""
    if now is None or not then:
        return None
    growth = 100 * (now / then - 1)
    return max(-CAP, min(CAP, growth)) if then < SMALL else growth


def sums_of(frame: pl.DataFrame, columns: list[str], value: str) -> dict[tuple[object, ...], float]:
    return {tuple(keys): amount for *keys, amount in frame.group_by(columns).agg(pl.col(value).sum()).iter_rows()}


def reported_growth(city: City, reports: pl.DataFrame, scope: str, component: str, balance: str) -> None:
    rows = reports.filter(pl.col("reporting_scope") == scope)
    version = {
        r["month"]: r["scope_version"] for r in rows.filter("current").sort("scope_version").iter_rows(named=True)
    }
    value: dict[tuple[object, object, object], float] = {}  # bank, month, version
    banks_of: dict[object, set[object]] = {}
    for row in rows.iter_rows(named=True):
        value[row["institution_id"], row["month"], row["scope_version"]] = row["manufacturing_loans"]
        banks_of.setdefault(row["month"], set()).add(row["institution_id"])
    banks = {key[0] for key in value}

    def growth(unit: object, month: date, base: date) -> float | None:
        # the banks that report at both ends; a version on which only some of them report is no total
        both = banks_of.get(month, set()) & banks_of.get(base, set()) & (banks if unit == "total" else {unit})

        def amount(day: date, scope_version: object) -> float | None:
            known = [value[b, day, scope_version] for b in both if (b, day, scope_version) in value]
            return sum(known) if both and len(known) == len(both) else None

        v, w = version.get(month), version.get(base)
        now = amount(month, v)
        if now is None or amount(base, v) is not None:
            return capped(now, amount(base, v))
        then = amount(base, w)
        for link in (m for m in city.months if base <= m <= month):
            new, old = amount(link, v), amount(link, w)
            if new is not None and old is not None:
                if not new or not then:
                    return None
                return capped(now / new * old, then)
        return None

    for month in city.months:
        base = month_end(month, 12)
        for unit in banks | {"total"}:
            cut = TOTAL if unit == "total" else ("bank", unit)
            of = banks if unit == "total" else {unit}
            amount = sum(value.get((bank, month, version.get(month)), 0.0) for bank in of)
            city.put("manufacturing_loan_growth", month, cut, **{balance: amount / 1e8})
            if base in city.months:
                city.put("manufacturing_loan_growth", month, cut, **{component: growth(unit, month, base)})


def note_growth(
    city: City, metric: str, component: str, notes: pl.DataFrame, cut: str
) -> dict[tuple[object, date], float]:
    """Writes the growth of the notes' balances in total and by a column; returns the balances."""
    has_rows = set(city.balances["month"].unique())
    column = {"bank": "institution_id", "se_class": "se"}[cut]
    total = {("total", m): v for (m,), v in sums_of(notes, ["month"], "balance_rmb").items()}
    value = {(u, m): v for (u, m), v in sums_of(notes, [column, "month"], "balance_rmb").items()} | total
    for month in city.months:
        base = month_end(month, 12)
        if base in city.months:
            for unit in {u for u, _ in value} | {"total"}:
                now = value.get((unit, month), 0.0) if month in has_rows else None
                growth = capped(now, value.get((unit, base)))
                city.put(metric, month, TOTAL if unit == "total" else (cut, unit), **{component: growth})
    return value


def manufacturing(city: City) -> None:
    columns = "month institution_id reporting_scope scope_version current manufacturing_loans "
    reports = city.frame("bank_month", [*columns.split(), "manufacturing_long_term_loans"])
    reported_growth(city, reports, "PBOC", "growth", "balance")
    reported_growth(city, reports, "NFRA", "growth_nfra", "balance_nfra")
    notes = city.balances.filter("manufacturing")
    note_growth(city, "manufacturing_loan_growth", "growth_notes", notes, "bank")

    long = pl.when(pl.col("tenor_months") > 12).then("balance_rmb").otherwise(0.0)
    frames = {
        "share": reports.filter(pl.col("current"), pl.col("reporting_scope") == "PBOC"),
        "share_nfra": reports.filter(pl.col("current"), pl.col("reporting_scope") == "NFRA"),
        "share_notes": notes.with_columns(
            manufacturing_loans=pl.col("balance_rmb"), manufacturing_long_term_loans=long
        ),
    }
    metric = "manufacturing_long_term_share"
    for month in city.months:
        city.put(metric, month, TOTAL, share=None, share_nfra=None, share_notes=None, long_term_balance=0.0)
    for component, frame in frames.items():
        for cut, keys in (("total", ["month"]), ("bank", ["month", "institution_id"])):
            for row in frame.group_by(keys).agg(pl.col("^manufacturing_lo.*$").sum()).to_dicts():
                unit = (cut, row.get("institution_id", "total"))
                part, whole = row["manufacturing_long_term_loans"], row["manufacturing_loans"]
                if row["month"] in city.months:
                    city.put(metric, row["month"], unit, **{component: percent(part, whole)})
                    if component == "share":
                        city.put(metric, row["month"], unit, long_term_balance=part / 1e8)


def strategic_emerging(city: City) -> None:
    metric, notes = "strategic_emerging_loan_growth", city.balances.filter(pl.col("se").is_not_null())
    value = note_growth(city, metric, "growth", notes, "se_class")
    for month in city.months:
        for unit in {u for u, _ in value} | {"total"}:
            cut = TOTAL if unit == "total" else ("se_class", unit)
            city.put(metric, month, cut, balance=value.get((unit, month), 0.0) / 1e8)


def tenor_match(city: City) -> None:
    codes = {p["product_id"]: p["code"] for p in city.rows("product", ["product_id", "code"])}
    research = [i for i, code in codes.items() if code in ("rd", "policy_tech_rd")]
    chosen = (
        (pl.col("product_class") == "F023")
        | pl.col("product_id").is_in(research)
        | pl.col("purpose").str.contains("研发", literal=True)
    )
    notes = city.loans.filter(chosen).to_dicts()
    for note in notes:
        year = city.latest_year(note["enterprise_id"], note["granted_on"])
        note["cycle"] = year["rd_cycle"] if year else None
    notes = [n for n in notes if n["cycle"] is not None]
    for quarter in city.quarters:
        rows = [n for n in notes if month_end(quarter, 3) < n["granted_on"] <= quarter]
        clusters = by(rows, lambda n: city.enterprises[n["enterprise_id"]]["cluster_id"])
        for cut, part in [(TOTAL, rows), *((("cluster", c), some) for c, some in clusters.items())]:
            good = [n for n in part if n["tenor_months"] >= n["cycle"]]
            amount = percent(sum(n["amount_rmb"] for n in good), sum(n["amount_rmb"] for n in part))
            share = percent(len(good), len(part))
            city.put("tenor_rd_cycle_match", quarter, cut, share=share, amount_share=amount, loans=float(len(part)))


def chains(city: City) -> None:
    products = [p["product_id"] for p in city.rows("product", ["product_id", "code"]) if p["code"] == "supply_chain"]
    held = city.balances.filter(pl.col("product_id").is_in(products), pl.col("balance_rmb") > 0)
    links = city.rows("chain_link")
    has_rows = set(city.balances["month"].unique())
    for quarter in city.quarters:
        notes = held.filter(pl.col("month") == quarter).to_dicts()
        borrowers = {n["enterprise_id"] for n in notes}
        valid = [
            k
            for k in links
            if max(k["valid_from"], k["disclosed_on"]) <= quarter and (not k["valid_to"] or quarter <= k["valid_to"])
        ]
        by_chain = by(valid, lambda k: k["chain"])
        for cut, part in [(TOTAL, valid), *((("chain", c), some) for c, some in by_chain.items())]:
            here = [k for k in part if city.enterprises[k["enterprise_id"]]["in_city"]]
            members = {k["enterprise_id"] for k in here}
            suppliers = {k["enterprise_id"] for k in here if k["role"] == "supplier"}
            city.put(
                "chain_coverage",
                quarter,
                cut,
                coverage=percent(len(members & borrowers), len(members)) if quarter in has_rows else None,
                supplier_coverage=percent(len(suppliers & borrowers), len(suppliers)) if quarter in has_rows else None,
                financed=float(len(members & borrowers)),
                members=float(len(members)),
            )
        cuts: list[tuple[tuple[str, object], list[Row]]] = [(TOTAL, notes)]
        cuts += [(("bank", b), part) for b, part in by(notes, lambda n: n["institution_id"]).items()]
        firms = {c: {k["enterprise_id"] for k in part} for c, part in by_chain.items()}
        cuts += [(("chain", c), [n for n in notes if n["enterprise_id"] in some]) for c, some in firms.items()]
        anywhere = {k["enterprise_id"] for k in valid}
        for cut, part in cuts:
            of_members = sum(n["balance_rmb"] for n in part if n["enterprise_id"] in anywhere)
            balance = sum(n["balance_rmb"] for n in part)
            city.put("chain_loan_balance", quarter, cut, balance=balance / 1e8, member_balance=of_members / 1e8)


def clusters(city: City) -> None:
    firms = city.frame("enterprise", ["enterprise_id", "industry_code", "cluster_id"]).drop_nulls("cluster_id")
    layers = city.frame("cluster", ["cluster_id", "layer"])
    kinds = city.frame("institution", ["institution_id", "bank_type"])
    own = pl.col("use_industry") == pl.col("industry_code")
    notes = (
        city.balances.join(firms, on="enterprise_id")
        .join(layers, on="cluster_id")
        .join(kinds, on="institution_id")
        .with_columns(by_use=pl.when(own).then("balance_rmb").otherwise(0.0))
        .with_columns(future=pl.when(pl.col("layer") == "future").then("by_use").otherwise(0.0))
        .rename({"cluster_id": "cluster"})
    )
    columns = {"balance": "by_use", "future_balance": "future", "borrower_balance": "balance_rmb"}
    for cut in ("cluster", "bank_type"):
        city.put_sums("cluster_loan_balance", notes, city.months, cut, columns)


def loans(city: City) -> None:
    manufacturing(city)
    strategic_emerging(city)
    tenor_match(city)
    chains(city)
    clusters(city)
