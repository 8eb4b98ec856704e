"""Measure 15: cover and premium, losses, variety, stages, subsidies, co-insurance, purchases by government."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from .sharing_data import HUNDRED_MILLION, TOTAL, Data, Figures, Period, Row, groups, share

SMALL_PREMIUM, SMALL_COUNT, FARTHEST = 10_000_000, 5, 300
FIRM_CAP = 200_000


def work_out(data: Data, found: Figures) -> None:
    policies = data.rows("insurance_policy")
    for quarter in data.quarters:
        _cover(data, found, quarter.last, policies)
    claims = _claims(data, policies)
    for year in data.years:
        written = [row for row in policies if year.holds(row["written_on"])]
        _losses(found, year, policies, claims)
        _variety(data, found, year, written)
        _stages(data, found, year, policies)
        _subsidies(data, found, year, written)
        _coinsurance(data, found, year, written)
        _purchases(found, year, written)


def _cover(data: Data, found: Figures, day: date, policies: list[Row]) -> None:
    metric = "insurance_cover"
    year_ago = date(day.year - 1, day.month, day.day)
    now = Period(year_ago + timedelta(1), day)
    base = Period(date(day.year - 2, day.month, day.day) + timedelta(1), year_ago)
    covered = base.first >= data.months[0].replace(day=1)
    for where, part in groups(policies, ("line", "line"), ("scope", "scope")):
        recent = [row for row in part if now.holds(row["written_on"])]
        before = [row for row in part if base.holds(row["written_on"])]
        premium, base_premium = (sum(row["premium"] for row in rows) for rows in (recent, before))
        growth = None
        if covered and base_premium:
            growth = 100 * (float(premium) / float(base_premium) - 1)
            if base_premium < SMALL_PREMIUM or len(before) < SMALL_COUNT:
                growth = min(max(growth, -FARTHEST), FARTHEST)
        found.put(metric, "premium_yoy", day, where, growth)
        for component, rows in (
            ("cover_12m", recent),
            ("cover_cumulative", [row for row in part if row["written_on"] <= day]),
            ("cover_in_force", [row for row in part if row["starts_on"] <= day <= row["ends_on"]]),
        ):
            found.put(metric, component, day, where, sum(row["sum_insured"] for row in rows) / HUNDRED_MILLION)
        found.put(metric, "premium_12m", day, where, premium / HUNDRED_MILLION)


def _claims(data: Data, policies: list[Row]) -> list[Row]:
    """Claims with their policy's line and the day on which they were closed."""
    line = {row["policy_id"]: row["line"] for row in policies}
    found = []
    for row in data.rows("insurance_claim"):
        closed = row["paid_on"] if row["outcome"] == "paid" else row["decided_on"]
        found.append({**row, "line": line[row["policy_id"]], "closed_on": closed})
    return found


def _open_reserves(claims: list[Row], day: date) -> Decimal:
    still = [r for r in claims if r["reported_on"] <= day and (r["closed_on"] is None or r["closed_on"] > day)]
    return sum((row["reserve"] for row in still), Decimal(0))


def _losses(found: Figures, year: Period, policies: list[Row], claims: list[Row]) -> None:
    metric, day, day_before = "insurance_loss_ratio", year.last, year.first - timedelta(1)
    of_line = dict(groups(claims, ("line", "line")))
    for where, part in groups(policies, ("line", "line")):
        mine = of_line.get(where, [])
        earned = 0.0
        for row in part:
            days = (min(row["ends_on"], day) - max(row["starts_on"], year.first)).days + 1
            earned += float(row["premium"]) * max(days, 0) / ((row["ends_on"] - row["starts_on"]).days + 1)
        paid = sum((row["amount_paid"] for row in mine if year.holds(row["paid_on"])), Decimal(0))
        incurred = paid + _open_reserves(mine, day) - _open_reserves(mine, day_before)
        accidents = [row for row in mine if year.holds(row["occurred_on"])]
        settled = sum((r["amount_paid"] for r in accidents if r["paid_on"] and r["paid_on"] <= day), Decimal(0))
        written = sum(row["premium"] for row in part if year.holds(row["written_on"]))
        found.put(metric, "loss_ratio", day, where, share(incurred, earned))
        of_accidents = share(settled + _open_reserves(accidents, day), earned)
        found.put(metric, "loss_ratio_accident_year", day, where, of_accidents)
        found.put(metric, "paid_ratio", day, where, share(paid, written))
        found.put(metric, "earned_premium", day, where, earned / HUNDRED_MILLION)
        found.put(metric, "incurred", day, where, incurred / HUNDRED_MILLION)


def _variety(data: Data, found: Figures, year: Period, written: list[Row]) -> None:
    sold = {row["insurance_product_id"] for row in written}
    new = {r["insurance_product_id"] for r in data.rows("insurance_product") if year.holds(r["launched_on"])}
    for component, value in (
        ("lines", len({row["line"] for row in written})),
        ("lines_special", len({row["line"] for row in written if row["scope"] == "special"})),
        ("products", len(sold)),
        ("new_products", len(new)),
        ("new_products_sold", len(new & sold)),
    ):
        found.put("insurance_line_variety", component, year.last, TOTAL, value)


def _stages(data: Data, found: Figures, year: Period, policies: list[Row]) -> None:
    metric, day = "insurance_stage_coverage", year.last
    register = {row["enterprise_id"]: row for row in data.rows("enterprise")}
    firms = set()
    for firm in data.tech_enterprises():
        gone = register[firm]["dissolved_on"]
        if register[firm]["in_city"] and (gone is None or gone > day) and data.is_tech(firm, day):
            firms.add(firm)
    found.put(metric, "firms", day, TOTAL, len(firms))
    for where, part in groups(policies, ("stage", "stage")):
        at_end = {row["enterprise_id"] for row in part if row["starts_on"] <= day <= row["ends_on"]} & firms
        during = {r["enterprise_id"] for r in part if r["starts_on"] <= day and r["ends_on"] >= year.first} & firms
        found.put(metric, "coverage", day, where, share(len(at_end), len(firms)))
        found.put(metric, "coverage_during_year", day, where, share(len(during), len(firms)))
        found.put(metric, "insured", day, where, len(at_end))


def _subsidies(data: Data, found: Figures, year: Period, written: list[Row]) -> None:
    metric, day = "insurance_subsidy_rate", year.last
    policy = {row["policy_id"]: row for row in data.rows("insurance_policy")}
    grants = [
        {**row, "line": policy[row["policy_id"]]["line"]}
        for row in data.rows("insurance_subsidy")
        if row["year"] == day.year
    ]
    firm: dict[int, Decimal] = {}
    for row in grants:
        if row["program"] == "ip":
            firm[row["enterprise_id"]] = firm.get(row["enterprise_id"], Decimal(0)) + row["amount"]
    premium_of = {where: sum(row["premium"] for row in part) for where, part in groups(written, ("line", "line"))}
    of_line = dict(groups(grants, ("line", "line")))
    for where in {**premium_of, **of_line}:
        part = of_line.get(where, [])
        amount = sum(row["amount"] for row in part)
        found.put(metric, "subsidy_rate", day, where, share(amount, sum(row["premium"] for row in part)))
        found.put(metric, "subsidy_to_premium", day, where, share(amount, premium_of.get(where)))
        found.put(metric, "subsidy", day, where, amount / HUNDRED_MILLION)
        found.put(metric, "breaches", day, where, sum(_breach(row, policy[row["policy_id"]], firm) for row in part))


def _breach(row: Row, policy: Row, firm: dict[int, Decimal]) -> bool:
    if row["program"] == "ip":
        return bool(2 * row["amount"] > row["premium"] or firm[row["enterprise_id"]] > FIRM_CAP)
    counted = min(row["premium"], policy["sum_insured"] * 3 / 100)
    return bool(row["amount"] > counted * 4 / 5 or (policy["support_year"] or 0) > 3)


def _coinsurance(data: Data, found: Figures, year: Period, written: list[Row]) -> None:
    followers: dict[int, Decimal] = {}
    for row in data.rows("insurance_share"):
        if row["role"] == "follower":
            followers[row["policy_id"]] = followers.get(row["policy_id"], Decimal(0)) + row["sum_insured"]
    for where, part in groups(written, ("line", "line")):
        insured = sum(row["sum_insured"] for row in part)
        shared = [row for row in part if row["coinsured"]]
        carried = sum((followers.get(row["policy_id"], Decimal(0)) for row in part), Decimal(0))
        for component, value in (
            ("share", share(sum(row["sum_insured"] for row in shared), insured)),
            ("share_policies", share(len(shared), len(part))),
            ("carried_by_followers", share(carried, insured)),
        ):
            found.put("coinsurance_share", component, year.last, where, value)


def _purchases(found: Figures, year: Period, written: list[Row]) -> None:
    for where, part in groups(written, ("scene", "scene")):
        bought = [row for row in part if row["payer"] == "government"]
        premium = sum(row["premium"] for row in bought)
        cover = share(sum(row["sum_insured"] for row in bought), sum(row["sum_insured"] for row in part))
        for component, value in (
            ("share", share(premium, sum(row["premium"] for row in part))),
            ("share_cover", cover),
            ("government_premium", premium / HUNDRED_MILLION),
            ("policies", len(bought)),
        ):
            found.put("public_purchase_cover", component, year.last, where, value)
