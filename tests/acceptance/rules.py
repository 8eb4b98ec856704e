"""What a valid set obeys, in plain Python: proves the clean set clean and each planted violation a violation.

`findings(tables)` returns (rule, table, row number from 0) for every breach. The bank reports: rules_bank.py.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from stdnum.cn import uscc

from .calendar_rules import add_months, lpr_at
from .edits import Row, Tables, read_schema
from .rules_bank import bank_findings

Finding = tuple[str, str, int]
SPAN_MONTHS = {"HNTE": 36, "TECH_SME": 12, "SRDI": 36, "LITTLE_GIANT": 36}
FORMS: dict[str, Callable[[str], object]] = {
    "key": int,
    "count": int,
    "money": Decimal,
    "rate": Decimal,
    "date": date.fromisoformat,
}
day = date.fromisoformat


def findings(tables: Tables) -> set[Finding]:
    """Every breach. Rows whose cells or keys are broken are left out of the rules that need them."""
    found = set(_declared(tables))
    broken = {(table, row) for _, table, row in found}
    good = {t: [(i, r) for i, r in enumerate(rows) if (t, i) not in broken] for t, rows in tables.items()}
    for rule in (_tags, _flags, _flows, _balances, _loans, _applications, _contagion):
        found |= set(rule(good))
    return found | set(bank_findings(good))


def _declared(tables: Tables) -> Iterator[Finding]:
    schema = defaultdict(list)
    for line in read_schema():
        schema[line["table"]].append(line)
    for table, lines in schema.items():
        rows, keys = tables[table], [c["column"] for c in lines if c["key"] == "true"]
        seen: Counter[tuple[str, ...]] = Counter()
        for i, row in enumerate(rows):
            seen[key := tuple(row[k] for k in keys)] += 1
            if seen[key] > 1:
                yield "key", table, i
        for c in lines:
            name, kind, parent = c["column"], c["kind"], c["references"]
            parents = {r[parent.split(".")[1]] for r in tables[parent.split(".")[0]]} if parent else set()
            for i, row in enumerate(rows):
                text = row[name]
                if text == "":
                    if c["nullable"] == "false":
                        yield "null", table, i
                    continue
                if kind == "flag" and text not in ("true", "false"):
                    yield "type", table, i
                elif kind in FORMS:
                    number = FORMS[kind](text)
                    if kind != "date" and (
                        (c["low"] and number < Decimal(c["low"])) or (c["high"] and number > Decimal(c["high"]))
                    ):
                        yield "range", table, i
                    if kind == "date" and (
                        (c["low_on"] and text < c["low_on"]) or (c["high_on"] and text > c["high_on"])
                    ):
                        yield "range", table, i
                if c["values"] and text not in c["values"].split("|"):
                    yield "set", table, i
                if c["check"] == "uscc" and not uscc.is_valid(text):
                    yield "check_digit", table, i
                if parents and text not in parents:
                    yield "reference", table, i


Good = dict[str, list[tuple[int, Row]]]


def _by(good: Good, table: str, key: str) -> dict[str, Row]:
    return {r[key]: r for _, r in good[table]}


def _tags(good: Good) -> Iterator[Finding]:
    for i, r in good["enterprise_tag"]:
        start, end, t = day(r["valid_from"]), day(r["valid_to"]), "enterprise_tag"
        if r["in_scope"] != ("false" if r["tag"] in ("INNOVATIVE_SME", "UNICORN") else "true"):
            yield "tag_scope", t, i
        if r["tag"] in SPAN_MONTHS and end != add_months(start, SPAN_MONTHS[r["tag"]]) - timedelta(days=1):
            yield "tag_span", t, i
        if end < start:
            yield "tag_order", t, i
        if day(r["published_on"]) < start - timedelta(days=60):
            yield "tag_published", t, i
        if r["batch"] != r["valid_from"][:4]:
            yield "tag_batch", t, i
        if r["tag"] == "LITTLE_GIANT":
            held = [x for _, x in good[t] if x["tag"] == "SRDI" and x["enterprise_id"] == r["enterprise_id"]]
            if not any(x["valid_from"] <= r["valid_from"] <= x["valid_to"] for x in held):
                yield "little_giant_srdi", t, i


def _flags(good: Good) -> Iterator[Finding]:
    loans = _by(good, "loan", "loan_id")
    tags = defaultdict(list)
    for _, r in good["enterprise_tag"]:
        if r["in_scope"] == "true":
            tags[r["enterprise_id"]].append(r)
    for i, r in good["loan_balance"]:
        if r["loan_id"] not in loans:
            continue
        held = tags[loans[r["loan_id"]]["enterprise_id"]]
        holds = any(x["valid_from"] <= r["month"] <= x["valid_to"] and x["published_on"] <= r["month"] for x in held)
        if (r["tech_enterprise"] == "true") != holds:
            yield "tech_flag", "loan_balance", i


def _flows(good: Good) -> Iterator[Finding]:
    balance = {(r["month"], r["loan_id"]): (i, r) for i, r in good["loan_balance"]}
    months = [r["month"] for _, r in good["month"]]
    loans = _by(good, "loan", "loan_id")
    flows = defaultdict(list)
    for i, r in good["loan_flow"]:
        flows[r["loan_id"]].append(r)
        loan, sign = loans.get(r["loan_id"]), Decimal(r["amount"])
        if loan and r["kind"] == "drawdown" and (r["event_on"], sign) != (loan["granted_on"], Decimal(loan["amount"])):
            yield "drawdown_is_grant", "loan_flow", i
        ups, downs = (
            r["kind"] in ("opening", "drawdown"),
            r["kind"] in ("repayment", "recovery", "write_off", "transfer"),
        )
        if (ups and sign <= 0) or (downs and sign >= 0) or (r["kind"] in ("extension", "restructuring") and sign != 0):
            yield "flow_sign", "loan_flow", i
        if r["kind"] == "valuation" and (sign != 0 or (loan and loan["currency"] == "CNY")):
            yield "valuation", "loan_flow", i
    for loan_id in loans:
        own = sorted(flows[loan_id], key=lambda r: int(r["flow_no"]))
        if [r["event_on"] for r in own] != sorted(r["event_on"] for r in own):
            yield "flow_order", "loan_flow", int(own[0]["flow_no"])
        for month in months:
            for column in ("balance", "balance_rmb"):
                side = column.replace("balance", "amount")
                want = sum((Decimal(r[side]) for r in own if r["event_on"] <= month), Decimal(0))
                i, row = balance.get((month, loan_id), (-1, {}))
                if want != Decimal(row.get(column, "0")):
                    yield "stock_flow", "loan_balance", i


def _grade_floor(days: int) -> str:
    return "FQ05" if days > 360 else "FQ04" if days > 270 else "FQ03" if days > 90 else "FQ02" if days > 0 else "FQ01"


def _balances(good: Good) -> Iterator[Finding]:
    loans, t = _by(good, "loan", "loan_id"), "loan_balance"
    restructured = {r["loan_id"]: r["event_on"] for _, r in good["loan_flow"] if r["kind"] == "restructuring"}
    for i, r in good[t]:
        days, status, loan = int(r["overdue_days"]), r["status"], loans.get(r["loan_id"])
        if r["grade"] < _grade_floor(days):
            yield "grade_by_days", t, i
        if (status == "LS03") != (days > 0) or (status == "LS03") != bool(r["overdue_kind"]):
            yield "status_overdue", t, i
        if (status == "LS02") != bool(r["extended_due_on"]):
            yield "extended_due", t, i
        since = restructured.get(r["loan_id"], "9999")
        if since <= r["month"] and day(r["month"]) < add_months(day(since), 12) and r["grade"] < "FQ02":
            yield "grade_restructured", t, i
        if loan is None:
            continue
        if loan["rate_kind"] == "RF01" and r["rate"] != loan["grant_rate"]:
            yield "fixed_rate", t, i
        if loan["currency"] == "CNY" and r["balance"] != r["balance_rmb"]:
            yield "same_currency", t, i
        if Decimal(r["balance"]) > Decimal(loan["amount"]):
            yield "balance_within_amount", t, i
        if r["extended_due_on"] and r["extended_due_on"] <= loan["due_on"]:
            yield "extended_after_due", t, i


def _contagion(good: Good) -> Iterator[Finding]:
    loans = _by(good, "loan", "loan_id")
    claims = defaultdict(list)
    for i, r in good["loan_balance"]:
        if loan := loans.get(r["loan_id"]):
            claims[r["month"], loan["enterprise_id"], loan["institution_id"]].append((i, r))
    for group in claims.values():
        bad = sum(Decimal(r["balance_rmb"]) for _, r in group if r["grade"] >= "FQ03")
        if bad > sum(Decimal(r["balance_rmb"]) for _, r in group) / 10:
            yield from (("contagion", "loan_balance", i) for i, r in group if r["grade"] < "FQ03")


def _loans(good: Good) -> Iterator[Finding]:
    firms, products = _by(good, "enterprise", "enterprise_id"), _by(good, "product", "product_id")
    banks, uses, apps = (
        _by(good, "institution", "institution_id"),
        _by(good, "industry", "industry_code"),
        _by(good, "credit_application", "application_id"),
    )
    tags, t = [r for _, r in good["enterprise_tag"] if r["in_scope"] == "true"], "loan"
    firsts = {}
    for _, r in sorted(good[t], key=lambda x: x[1]["granted_on"]):
        firsts.setdefault(r["enterprise_id"], r)
    for i, r in good[t]:
        firm, product, use, tenor = (
            firms.get(r["enterprise_id"]),
            products[r["product_id"]],
            uses[r["use_industry"]],
            int(r["tenor_months"]),
        )
        granted, due = day(r["granted_on"]), day(r["due_on"])
        fixed = r["rate_kind"] == "RF01"
        checks = {
            "maturity": due > granted,
            "tenor": due == add_months(granted, tenor),
            "benchmark": fixed == (r["benchmark_rate"] == ""),
            "repricing": r["repricing_on"] == r["due_on"]
            if fixed
            else r["granted_on"] < r["repricing_on"] <= r["due_on"],
            "product_amount": Decimal(product["min_amount"])
            <= Decimal(r["amount_rmb"])
            <= Decimal(product["max_amount"]),
            "product_tenor": int(product["min_tenor"]) <= tenor <= int(product["max_tenor"]),
            "product_guarantee": r["guarantee"] in product["guarantee_kinds"].split("|"),
            "product_class": r["product_class"] == product["product_class"],
            "product_dates": product["launched_on"] <= r["granted_on"]
            and (not product["ended_on"] or r["granted_on"] <= product["ended_on"]),
            "type_flags": (r["htp"], r["hts"], r["pa"], r["digital"], r["manufacturing"])
            == tuple(use[k] for k in ("htp", "hts", "pa", "digital", "manufacturing")),
            "se_class": not r["se"] or r["se"] in use["se_classes"].split("|"),
            "tech_use": (r["tech_use"] == "true") == bool(r["htp"] or r["hts"] or r["se"] or r["pa"]),
            "bank_code": r["institution_uscc"] == banks[r["institution_id"]]["uscc"],
            "amount_rmb": r["currency"] != "CNY" or r["amount"] == r["amount_rmb"],
        }
        if "maturity" not in [k for k, ok in checks.items() if not ok]:
            spread = Decimal(r["grant_rate"]) - Decimal(lpr_at(granted, tenor)) / 100_000
            checks["product_spread"] = Decimal(product["min_spread"]) <= spread <= Decimal(product["max_spread"])
        if firm:
            first = firsts[r["enterprise_id"]]
            is_first = r["contract_code"] == first["contract_code"] and first["granted_on"] == firm["first_credit_on"]
            checks |= {
                "first_loan": (r["first_loan"] == "true") == is_first,
                "borrower_code": r["borrower_uscc"] == firm["uscc"],
                "after_founding": r["granted_on"] >= firm["founded_on"],
                "first_credit": firm["first_credit_on"] not in ("",) and firm["first_credit_on"] <= r["granted_on"],
            }
            if product["max_firm_age"]:
                checks["product_age"] = granted < add_months(day(firm["founded_on"]), 12 * int(product["max_firm_age"]))
        held = [
            x
            for x in tags
            if x["enterprise_id"] == r["enterprise_id"]
            and x["published_on"] <= r["granted_on"]
            and x["valid_from"] <= r["granted_on"] <= x["valid_to"]
        ]
        checks["product_tag"] = product["requires_tag"] != "scope" or bool(held)
        app = apps.get(r["application_id"])
        if app:
            checks["application"] = (
                all(app[k] == r[k] for k in ("enterprise_id", "institution_id", "product_id"))
                and app["decision"] == "approved"
            )
        yield from ((rule, t, i) for rule, ok in checks.items() if not ok)


def _applications(good: Good) -> Iterator[Finding]:
    for i, r in good["credit_application"]:
        dates = [
            r[k]
            for k in ("pushed_on", "contacted_on", "applied_on", "due_diligence_on", "decided_on", "drawn_on")
            if r[k]
        ]
        checks = {
            "steps_in_order": dates == sorted(dates),
            "decided": bool(r["decided_on"]) == bool(r["decision"]),
            "refusal": (r["decision"] == "refused") == bool(r["refusal_reason"]),
            "approved": (r["decision"] == "approved") == bool(r["amount_approved"]),
            "drawn": not r["drawn_on"] or r["decision"] == "approved",
            "pushed": (r["channel"] == "list_push") == bool(r["pushed_on"]),
        }
        if r["amount_approved"]:
            checks["approved_within"] = Decimal(r["amount_approved"]) <= Decimal(r["amount_requested"])
        yield from ((rule, "credit_application", i) for rule, ok in checks.items() if not ok)
    for i, r in good["enterprise"]:
        if (r["in_city"] == "true") != bool(r["district_id"]):
            yield "in_city", "enterprise", i
        if r["dissolved_on"] and r["dissolved_on"] < r["founded_on"]:
            yield "dissolved", "enterprise", i
        if r["first_credit_on"] and r["first_credit_on"] < r["founded_on"]:
            yield "first_credit_order", "enterprise", i
        if not r["uscc"][2:8].startswith("44039"):
            yield "unassigned_area", "enterprise", i
