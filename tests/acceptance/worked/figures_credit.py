"""Guarantees, risk pool, accountability, interest subsidies, relending."""

from __future__ import annotations

from fractions import Fraction

from tests.acceptance.edits import Row, Tables
from tests.acceptance.worked.cells import chosen, days, median, num, open_on, pick, total

CLASS_CEILING = {"A": 40, "B": 35, "C": 30}  # national share, 财金〔2024〕60号
LEAST_BANK, LEAST_PROVINCIAL = 20, 20  # the same
POOL_TIERS = ((5, 40, 50), (10, 35, 45), (20, 30, 40), (30, 20, 35))  # loan up to CNY million, share, tilted share
RELENDING_RATES = (("2022-04-28", "1.75"), ("2025-05-07", "1.50"), ("2026-01-19", "1.25"))
RELENDING_SHARE = Fraction(60, 100)
CITY_SHARE, CITY_SHARE_FIRST, CITY_CAP_YEAR, CITY_CAP_TOTAL = Fraction(1, 2), Fraction(7, 10), 1_000_000, 3_000_000
PARTIES = ("national", "provincial", "city", "guarantor", "bank")


def compute(tables: Tables) -> dict[tuple[str, str], object]:
    """All figures of these groups."""
    parts = {
        "guarantee": guarantee(tables),
        "risk_pool": risk_pool(tables),
        "subsidy": subsidy(tables),
        "relending": relending(tables),
    }
    return {(example, name): value for example, part in parts.items() for name, value in part.items()}


def guarantee(tables: Tables) -> dict[str, object]:
    day, end = "2025-06-30", "2026-01-31"
    rows = open_on(tables["guarantee"], day, "started_on", "released_on")
    by = {p: sum(num(r, "principal") * num(r, f"share_{p}") / 100 for r in rows) for p in PARTIES}
    liability = sum(by[p] for p in PARTIES if p != "bank")
    first = [r for r in rows if pick(tables, "loan", loan_id=r["loan_id"])["first_loan"] == "true"]
    claim = pick(tables, "guarantee", guarantee_id=8)
    paid = {p: num(claim, "principal") * num(claim, f"share_{p}") / 100 for p in PARTIES}
    assert sum(v for p, v in paid.items() if p != "bank") == num(claim, "compensated_amount")
    of = num(claim, "recovered_amount") / num(claim, "compensated_amount")
    done = [r for r in chosen(tables, "guarantee", guarantor_id=75) if "" < r["released_on"] <= end]
    seed = pick(tables, "guarantee", kind="seed_plan")
    unit = (num(seed, "share_national") + num(seed, "share_city") + num(seed, "share_guarantor")) / 10
    plan = chosen(tables, "guarantee", kind="special_plan")
    fourth = pick(tables, "guarantee", guarantee_id=4)
    return {
        f"principal_{day}": total(rows, "principal"),
        f"liability_{day}": liability,
        **{f"liability_{p}_{day}": by[p] for p in PARTIES if p != "bank"},
        f"kept_by_banks_{day}": by["bank"],
        f"national_percent_{day}": 100 * by["national"] / liability,
        f"first_time_percent_{day}": 100 * sum(guaranteed(r) for r in first) / liability,
        f"mean_fee_{day}": sum(guaranteed(r) * num(r, "fee_rate") for r in rows) / liability,
        "fee_contract_4": guaranteed(fourth) * num(fourth, "fee_rate") / 100,
        "seed_split_national_city_guarantor": ":".join(
            str(num(seed, f"share_{p}") / unit) for p in ("national", "city", "guarantor")
        ),
        "plan_contracts_in_order": f"{sum(map(in_order, plan))}/{len(plan)}",
        **{f"compensated_{p}": paid[p] for p in ("national", "provincial", "guarantor")},
        "loss_left_with_bank": paid["bank"],
        "recovered_national": paid["national"] * of,
        "recovered_guarantor": paid["guarantor"] * of,
        f"released_by_{end}": sum(map(guaranteed, done)),
        f"claim_rate_{end}": 100 * total(done, "compensated_amount") / sum(map(guaranteed, done)),
    }


def guaranteed(row: Row) -> Fraction:
    """The principal less the bank's share."""
    return num(row, "principal") * (100 - num(row, "share_bank")) / 100


def in_order(row: Row) -> bool:
    """Shares sum to 100, the bank keeps a fifth, the national fund stays under the ceiling of the class."""
    return (
        sum(num(row, f"share_{p}") for p in PARTIES) == 100
        and num(row, "share_bank") >= LEAST_BANK
        and num(row, "share_provincial") >= LEAST_PROVINCIAL
        and num(row, "share_national") <= CLASS_CEILING[row["plan_class"]]
    )


def risk_pool(tables: Tables) -> dict[str, object]:
    claims = tables["risk_claim"]
    paid = {r["loan_id"]: compensation(tables, r) for r in claims if r["decision"] == "paid"}
    note = pick(tables, "risk_claim", loan_id=65)
    cases = [r for r in tables["accountability_case"] if r["decided_on"]]
    return {
        **{f"paid_note_{n}": paid[n] for n in ("54", "65", "57")},
        "paid_total": sum(paid.values()),
        "cover": 100 * sum(paid.values()) / total(claims, "npl_principal"),
        "most_if_note_65_were_tilted": compensation(tables, {**note, "tilted": "true"}),
        "median_days": median(days(r["filed_on"], r["paid_on"]) for r in claims if r["paid_on"]),
        "exempted_of_closed_cases": Fraction(100 * sum(r["outcome"] == "exempted" for r in cases), len(cases)),
    }


def compensation(tables: Tables, claim: Row) -> Fraction:
    """The share of the tier on the bad principal less what the guarantor paid before the filing."""
    loan = pick(tables, "loan", loan_id=claim["loan_id"])
    share = next(
        tilted if claim["tilted"] == "true" else plain
        for up_to, plain, tilted in POOL_TIERS
        if num(loan, "amount_rmb") <= up_to * 1_000_000
    )
    guarantor = total(chosen(tables, "guarantee", loan_id=claim["loan_id"]), "compensated_amount")
    return (num(claim, "npl_principal") - guarantor) * share / 100


def subsidy(tables: Tables) -> dict[str, object]:
    computed = {(r["loan_id"], r["period_to"][:4]): before_caps(tables, r) for r in city(tables)}
    asked = {
        year: sum(v for (note, y), v in computed.items() if note in ("13", "14", "68") and y == year)
        for year in ("2023", "2024", "2025", "2026")
    }
    granted: dict[str, Fraction] = {}
    left = {}
    for year, amount in asked.items():
        left[year] = CITY_CAP_TOTAL - sum(granted.values())
        granted[year] = min(amount, Fraction(CITY_CAP_YEAR), left[year])
    central = [r for r in chosen(tables, "interest_subsidy", loan_id=11) if r["period_to"][:4] == "2025"]
    every = tables["interest_subsidy"]
    return {
        "interest_note_13_2024": interest(tables, "13", "2024-01-01", "2024-12-31"),
        "computed_firm_5_2024": asked["2024"],
        "granted_firm_5_2024": granted["2024"],
        "cut_firm_5_2024": asked["2024"] - granted["2024"],
        "granted_firm_5_2025": granted["2025"],
        "granted_firm_5_2023": granted["2023"],
        "left_of_total_cap_before_2026": left["2026"],
        "computed_firm_5_2026": asked["2026"],
        "granted_firm_5_2026": granted["2026"],
        "left_of_total_cap_after_2026": left["2026"] - granted["2026"],
        "first_loan_note_46_2024": computed["46", "2024"],
        "central_note_11_2025": sum(
            interest(tables, "11", r["period_from"], r["period_to"], num(r, "points")) for r in central
        ),
        "pass_through": 100 * total(every, "paid") / total(every, "entitled"),
    }


def city(tables: Tables) -> list[Row]:
    return chosen(tables, "interest_subsidy", scheme="city_sme")


def before_caps(tables: Tables, row: Row) -> Fraction:
    """Half of the interest, of a first loan seven tenths."""
    first = pick(tables, "loan", loan_id=row["loan_id"])["first_loan"] == "true"
    share = CITY_SHARE_FIRST if first else CITY_SHARE
    return interest(tables, row["loan_id"], row["period_from"], row["period_to"]) * share


def interest(tables: Tables, note: str, first: str, last: str, points: Fraction | None = None) -> Fraction:
    """A twelfth of the rate in force (or of the points) on each month end's balance of the period."""
    rows = [r for r in chosen(tables, "loan_balance", loan_id=note) if first <= r["month"] <= last]
    return sum((num(r, "balance_rmb") * (points or num(r, "rate")) / 1200 for r in rows), Fraction(0))


def relending(tables: Tables) -> dict[str, object]:
    draws, ledger = {r["draw_id"]: r for r in tables["relending_draw"]}, tables["relending_loan"]
    day = "2025-12-31"
    under = {d: [r for r in ledger if r["draw_id"] == d] for d in draws}
    eligible = {d: sum(num(pick(tables, "loan", loan_id=r["loan_id"]), "amount_rmb") for r in under[d]) for d in draws}
    notes = {r["loan_id"] for r in ledger}
    entries = chosen(tables, "list_entry", list="relending")
    waited = [w for r in entries if (w := wait(tables, r, notes)) is not None]
    balances = [r for r in chosen(tables, "loan_balance", month=day) if r["loan_id"] in notes]
    return {
        "eligible_draw_1": eligible["1"],
        "amount_draw_1": eligible["1"] * RELENDING_SHARE,
        "share_draw_5": 100 * num(draws["5"], "amount") / eligible["5"],
        **{f"rate_draw_{d}": rate_of(draws[d]["drawn_on"]) for d in ("3", "4", "6")},
        "due_draw_2": a_year_after(draws["2"]["drawn_on"]),
        "due_draw_2_extended": a_year_after(a_year_after(draws["2"]["drawn_on"])),
        f"drawn_open_{day}": total(open_on(draws.values(), day, "drawn_on", "repaid_on"), "amount"),
        f"ledger_balance_{day}": total(balances, "balance_rmb"),
        "leverage": sum(eligible.values()) / total(draws.values(), "amount"),
        "list_conversion": Fraction(100 * len(waited), len(entries)),
        "median_days_to_loan": median(waited),
    }


def rate_of(day: str) -> Fraction:
    """The rate in force on the day of the draw."""
    return Fraction([rate for since, rate in RELENDING_RATES if since <= day][-1])


def a_year_after(day: str) -> str:
    """The same day of the next year (none of them is a leap day)."""
    return f"{int(day[:4]) + 1}{day[4:]}"


def wait(tables: Tables, entry: Row, notes: set[str]) -> int | None:
    """Days from the push of an entry to the first note on the ledger of its firm; None without one."""
    firm = [r for r in chosen(tables, "loan", enterprise_id=entry["enterprise_id"]) if r["loan_id"] in notes]
    return min((days(entry["pushed_on"], r["granted_on"]) for r in firm), default=None)
