"""Make the computed tables of the acceptance set from the rows decided by hand in `rows/`.

Hand-kept: `rows/*.csv` and the dimension tables (month, district, industry, institution, product). What follows from
them by arithmetic (instalments, month-end balances, currency valuation, days overdue, codes, bank sums) is computed.
Run in the root of the repository: `python -m tests.acceptance.build`. Money in cents, rates in 1e-5 percent.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from stdnum.cn import uscc

from .calendar_rules import add_months, lpr_at, months_between

HERE = Path(__file__).parent

Row = dict[str, str]
OPENING = date(2023, 11, 30)  # what is open here enters the set as an `opening` flow
GRADE_BY_DAYS = ((360, "FQ05"), (270, "FQ04"), (90, "FQ03"), (0, "FQ02"))  # rules in force since 2023-07
OUT_OF_SCOPE = ("INNOVATIVE_SME", "UNICORN")
INCLUSIVE_LIMIT = {("PBOC", "2024"): 10_000_000_00, ("PBOC", "2025"): 20_000_000_00}  # credit of a borrower at a bank
INCLUSIVE_LIMIT_NFRA = 10_000_000_00


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> date:
    return date.fromisoformat(text)


def cents(text: str) -> int:
    return int(Decimal(text) * 100)


def money(value: int) -> str:
    return f"{Decimal(value) / 100:.2f}"


def percent(value: int) -> str:
    return f"{Decimal(value) / 100_000:.5f}"


def to_rmb(amount: int, rate: str) -> int:
    return int((Decimal(amount) * Decimal(rate)).quantize(Decimal(1), ROUND_HALF_UP))


def flag(value: bool) -> str:
    return "true" if value else "false"


def code_of(number: int, area: str) -> str:
    """A unified credit code with both check digits, in an area (440390-440399) that is not assigned."""
    body, alphabet = f"MA{number:06d}", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    rest = 11 - sum(w * alphabet.index(c) for w, c in zip((3, 7, 9, 10, 5, 8, 4, 2), body, strict=True)) % 11
    code = f"91{area}{body}{'X' if rest == 10 else rest % 11}"
    return code + uscc.calc_check_digit(code)


class Set:
    """Everything read, by key, and the tables as they are made."""

    def __init__(self) -> None:
        self.rows = {p.stem: read(p) for p in sorted((HERE / "rows").glob("*.csv"))}
        self.tables = {
            n: read(HERE / "tables" / f"{n}.csv") for n in ("month", "district", "industry", "institution", "product")
        }
        self.firm = {r["enterprise_id"]: r for r in self.rows["firm"]}
        self.product = {r["product_id"]: r for r in self.tables["product"]}
        self.industry = {r["industry_code"]: r for r in self.tables["industry"]}
        self.bank = {r["institution_id"]: r for r in self.tables["institution"]}
        self.months = [day(r["month"]) for r in self.tables["month"]]
        self.fx = {day(r["month"]): r["usd_cny"] for r in self.tables["month"]}
        self.events: dict[str, list[Row]] = defaultdict(list)
        for event in self.rows["event"]:
            self.events[event["loan_id"]].append(event)

    def fx_before(self, when: date) -> str:
        """Central parity of the last month end before a day: used for what happens on that day."""
        return self.fx[max(m for m in self.fx if m < when)]


def enterprise(s: Set) -> list[Row]:
    out = []
    for r in s.rows["firm"]:
        n = int(r["enterprise_id"])
        district = next((d["name_zh"] for d in s.tables["district"] if d["district_id"] == r["district_id"]), "外地")
        out.append(
            {
                **{
                    k: r[k]
                    for k in ("enterprise_id", "industry_code", "district_id", "area_code", "ownership", "dissolved_on")
                },
                "uscc": code_of(1000 + n, f"44039{n % 10}"),
                "name_zh": f"合成样本{n:02d}号有限公司",
                "address": f"{district}合成路{n}号",
                "postcode": "518000" if r["district_id"] else "",
                "in_city": flag(bool(r["district_id"])),
                "registered_capital": money(cents(r["registered_capital"])),
                "legal_representative": f"合成人{n:02d}",
                "phone": f"0755-0000{n:04d}",
                "email": f"firm{n:02d}@example.invalid",
                "founded_on": r["founded_on"],
                "first_credit_on": r["first_credit_on"],
            }
        )
    return out


def enterprise_tag(s: Set) -> list[Row]:
    return [{**r, "in_scope": flag(r["tag"] not in OUT_OF_SCOPE), "batch": r["valid_from"][:4]} for r in s.rows["tag"]]


def tagged(s: Set, firm: str, when: date) -> bool:
    """A valid, published tag in scope on a day."""
    return any(
        t["enterprise_id"] == firm
        and t["tag"] not in OUT_OF_SCOPE
        and day(t["valid_from"]) <= when <= day(t["valid_to"])
        and day(t["published_on"]) <= when
        for t in s.rows["tag"]
    )


def amount_rmb(s: Set, note: Row) -> int:
    amount = cents(note["amount"])
    return amount if note["currency"] == "CNY" else to_rmb(amount, s.fx_before(day(note["granted_on"])))


def benchmark(note: Row) -> int:
    """LPR of like tenor on the day of grant, 1e-5 percent; 4.30 for the foreign-currency benchmark (the set's own)."""
    return 430_000 if note["benchmark"] == "TR99" else lpr_at(day(note["granted_on"]), int(note["tenor_months"]))


def due(note: Row) -> date:
    return add_months(day(note["granted_on"]), int(note["tenor_months"]))


def repricing(note: Row) -> date:
    year_on = add_months(day(note["granted_on"]), 12)
    return due(note) if note["rate_kind"] == "RF01" else min(year_on, due(note))


def loan(s: Set) -> list[Row]:
    out = []
    for r in s.rows["note"]:
        firm, bank, use = s.firm[r["enterprise_id"]], s.bank[r["institution_id"]], s.industry[r["use_industry"]]
        n = int(r["loan_id"])
        out.append(
            {
                **{
                    k: r[k]
                    for k in (
                        "loan_id",
                        "application_id",
                        "enterprise_id",
                        "institution_id",
                        "product_id",
                        "use_industry",
                        "granted_on",
                        "currency",
                        "tenor_months",
                        "rate_kind",
                        "benchmark",
                        "guarantee",
                        "first_loan",
                        "se",
                        "green",
                    )
                },
                "institution_uscc": bank["uscc"],
                "branch_no": f"B{int(r['institution_id']):03d}001",
                "institution_area_code": bank["area_code"],
                "borrower_id_kind": "A01",
                "borrower_uscc": code_of(1000 + int(r["enterprise_id"]), f"44039{int(r['enterprise_id']) % 10}"),
                "borrower_sector": "C",
                "borrower_industry": s.industry[firm["industry_code"]]["division"],
                "borrower_area_code": firm["area_code"],
                "borrower_ownership": firm["ownership"],
                "borrower_size": firm["size"],
                "note_code": f"JJ{n:08d}",
                "contract_code": f"HT{int(r['application_id']):08d}",
                "product_class": s.product[r["product_id"]]["product_class"],
                "due_on": due(r).isoformat(),
                "amount": money(cents(r["amount"])),
                "amount_rmb": money(amount_rmb(s, r)),
                "grant_rate": percent(int(Decimal(r["grant_rate"]) * 100_000)),
                "benchmark_rate": "" if r["rate_kind"] == "RF01" else percent(benchmark(r)),
                "fiscal_support": "Z",
                "repricing_on": repricing(r).isoformat(),
                "purpose": "流动资金" if s.product[r["product_id"]]["product_class"] == "F022" else "项目建设",
                "htp": use["htp"],
                "hts": use["hts"],
                "pa": use["pa"],
                "tech_use": flag(bool(use["htp"] or use["hts"] or r["se"] or use["pa"])),
                "digital": use["digital"],
                "manufacturing": use["manufacturing"],
            }
        )
    return out


def schedule(s: Set, note: Row) -> list[tuple[date, str, int]]:
    """(day, kind, positive cents) of what was agreed: all at the due date, or equal instalments, until a default."""
    step = {"bullet": int(note["tenor_months"]), "quarterly": 3, "monthly": 1}[
        s.product[note["product_id"]]["repayment"]
    ]
    count = int(note["tenor_months"]) // step
    part = cents(note["amount"]) // count
    assert part * count == cents(note["amount"]), f"note {note['loan_id']}: instalments do not divide"
    days = [add_months(day(note["granted_on"]), step * (k + 1)) for k in range(count)]
    stops = [day(e["event_on"]) for e in s.events[note["loan_id"]] if e["kind"] in ("default", "extension")]
    return [(d, "repayment", part) for d in days if not stops or d < min(stops)]


def note_flows(s: Set, note: Row) -> list[tuple[date, str, int, int]]:
    """(day, kind, signed cents, signed RMB cents) of a note up to the last month, in order of days."""
    named = ("repayment", "recovery", "write_off", "transfer", "extension", "restructuring")
    events = [
        (day(e["event_on"]), e["kind"], cents(e["amount"] or "0"))
        for e in s.events[note["loan_id"]]
        if e["kind"] in named
    ]
    plan = sorted(schedule(s, note) + events, key=lambda x: x[0])
    start, foreign = day(note["granted_on"]), note["currency"] != "CNY"
    balance = cents(note["amount"])
    if start <= OPENING:
        balance -= sum(amount for d, _, amount in plan if d <= OPENING)
        flows = [(OPENING, "opening", balance, balance)]
        assert not foreign
    else:
        flows = [(start, "drawdown", balance, amount_rmb(s, note))]
    rmb = flows[0][3]
    for month in s.months:
        first = month.replace(day=1)
        for when, kind, planned in plan:
            if first <= when <= month:
                amount = min(planned, balance)
                if not amount and kind not in ("extension", "restructuring"):
                    continue
                moved = amount if not foreign else rmb if amount == balance else to_rmb(amount, s.fx_before(when))
                balance, rmb = balance - amount, rmb - moved
                flows.append((when, kind, -amount, -moved))
        if foreign and first <= month and start <= month and balance:
            valued = to_rmb(balance, s.fx[month])
            if valued != rmb:
                flows.append((month, "valuation", 0, valued - rmb))
                rmb = valued
    return [f for f in flows if f[0] <= s.months[-1]]


def loan_flow(s: Set) -> list[Row]:
    return [
        {
            "loan_id": n["loan_id"],
            "flow_no": str(k),
            "event_on": d.isoformat(),
            "kind": kind,
            "amount": money(a),
            "amount_rmb": money(b),
        }
        for n in s.rows["note"]
        for k, (d, kind, a, b) in enumerate(note_flows(s, n))
    ]


def rate_in_force(note: Row, month: date) -> int:
    """A fixed rate stays; a floating one keeps its spread over the LPR of the last repricing anniversary."""
    rate, reprice = int(Decimal(note["grant_rate"]) * 100_000), repricing(note)
    if note["rate_kind"] == "RF01" or note["benchmark"] != "TR05" or month < reprice or reprice == due(note):
        return rate
    last = add_months(reprice, 12 * (months_between(reprice, month) // 12))
    if last > month:
        last = add_months(last, -12)
    return rate - benchmark(note) + lpr_at(last, int(note["tenor_months"]))


def quality(s: Set, note: Row, month: date) -> Row:
    """Grade, status, overdue kind and days, extended due date at a month end."""
    seen = [e for e in s.events[note["loan_id"]] if day(e["event_on"]) <= month]
    extended = next((e["detail"] for e in seen if e["kind"] == "extension"), "")
    default = next((e for e in seen if e["kind"] == "default" and not extended), None)
    days = (month - day(default["event_on"])).days if default else 0
    by_days = next((g for limit, g in GRADE_BY_DAYS if days > limit), "FQ01")
    floor = max((e["detail"] for e in seen if e["kind"] == "grade"), default="FQ01")
    return {
        "grade": max(by_days, floor),
        "status": "LS03" if days else "LS02" if extended else "LS01",
        "overdue_kind": default["detail"] if default and days else "",
        "overdue_days": str(days),
        "extended_due_on": extended,
    }


def loan_balance(s: Set) -> list[Row]:
    out = []
    flows = {n["loan_id"]: note_flows(s, n) for n in s.rows["note"]}
    for month in s.months:
        for n in s.rows["note"]:
            upto = [f for f in flows[n["loan_id"]] if f[0] <= month]
            balance, rmb = sum(f[2] for f in upto), sum(f[3] for f in upto)
            if balance:
                out.append(
                    {
                        "month": month.isoformat(),
                        "loan_id": n["loan_id"],
                        "balance": money(balance),
                        "balance_rmb": money(rmb),
                        "rate": percent(rate_in_force(n, month)),
                        **quality(s, n, month),
                        "tech_enterprise": flag(tagged(s, n["enterprise_id"], month)),
                        "list_version": str(month.year),
                    }
                )
    return out


def credit_application(s: Set) -> list[Row]:
    out, notes = [], defaultdict(list)
    for n in s.rows["note"]:
        notes[n["application_id"]].append(n)
    for app, group in notes.items():
        first = group[0]
        product, total = s.product[first["product_id"]], sum(amount_rmb(s, n) for n in group)
        drawn = min(day(n["granted_on"]) for n in group)
        online, pushed = product["code"] == "online_credit", product["tech_only"] == "true" and int(app) % 3 == 0
        before = {"decided_on": 7, "due_diligence_on": 14, "applied_on": 21, "contacted_on": 25, "pushed_on": 30}
        days = {name: (drawn - timedelta(days=gap)).isoformat() for name, gap in before.items()}
        out.append(
            {
                "application_id": app,
                "enterprise_id": first["enterprise_id"],
                "institution_id": first["institution_id"],
                "product_id": first["product_id"],
                "channel": "online" if online else "list_push" if pushed else "branch",
                "decision_model": "scorecard"
                if online
                else "tech_scorecard"
                if product["tech_only"] == "true"
                else "manual",
                "partner_kind": "guarantee" if first["guarantee"] == "C01" else "none",
                "amount_requested": money(total),
                "tenor_requested": first["tenor_months"],
                **days,
                "pushed_on": days["pushed_on"] if pushed else "",
                "contacted_on": "" if online else days["contacted_on"],
                "due_diligence_on": "" if online else days["due_diligence_on"],
                "decision": "approved",
                "refusal_reason": "",
                "amount_approved": money(total),
                "drawn_on": drawn.isoformat(),
            }
        )
    extra = [{**r, "amount_requested": money(cents(r["amount_requested"]))} for r in s.rows["application"]]
    for r in extra:
        r["amount_approved"] = money(cents(r["amount_approved"])) if r["amount_approved"] else ""
    return out + extra


def write(name: str, rows: list[Row]) -> None:
    order = [r["column"] for r in read(HERE / "schema.csv") if r["table"] == name]
    with (HERE / "tables" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, order, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def build() -> dict[str, list[Row]]:
    """All computed tables."""
    from .build_bank import bank_month

    s = Set()
    makers = (enterprise, enterprise_tag, credit_application, loan, loan_balance, loan_flow)
    made = {maker.__name__: maker(s) for maker in makers}
    made["bank_month"] = bank_month(s, made)
    return made


if __name__ == "__main__":
    for table, made_rows in build().items():
        write(table, made_rows)
