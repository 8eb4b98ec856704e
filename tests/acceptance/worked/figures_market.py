"""Bonds, warrants, mergers, listings, insurance, business across the border."""

from __future__ import annotations

from fractions import Fraction

from tests.acceptance.edits import Row, Tables
from tests.acceptance.worked.cells import chosen, days, num, open_on, pick, total

MERGER_LOAN_CEILING = Fraction(60, 100)
IP_SHARE, IP_CAP = Fraction(1, 2), 200_000
FIRST_OF_KIND_SHARE = Fraction(80, 100)
GUARANTEE_INSURED = Fraction(90, 100)
HKD_PER_USD = Fraction("7.8")


def compute(tables: Tables) -> dict[tuple[str, str], object]:
    """All figures of these groups."""
    parts = {
        "bond": bond(tables),
        "warrant": warrant(tables),
        "merger": merger(tables),
        "link": link(tables),
        "listing": listing(tables),
        "insurance": insurance(tables),
        "cross_border": cross_border(tables),
    }
    return {(example, name): value for example, part in parts.items() for name, value in part.items()}


def bond(tables: Tables) -> dict[str, object]:
    bonds = {r["bond_id"]: r for r in tables["bond"]}
    quarters = ("2024-12-31", "2025-03-31", "2025-06-30", "2025-09-30", "2025-12-31")
    out = {q: open_on(bonds.values(), q, "issued_on", "redeemed_on") for q in quarters}
    gaps = [
        num(r, "amount") - total(chosen(tables, "bond_holding", bond_id=r["bond_id"], quarter_end=q), "amount")
        for q in quarters
        for r in out[q]
    ]
    stray = [r for r in tables["bond_holding"] if bonds[r["bond_id"]] not in out[r["quarter_end"]]]
    last = quarters[-1]
    kinds = {r["institution_id"]: r["kind"] for r in tables["institution"]}
    held = {
        kind: total(
            (r for r in chosen(tables, "bond_holding", quarter_end=last) if kinds[r["holder_id"]] == kind), "amount"
        )
        for kind in ("bank", "insurer")
    }
    spread = {b: 100 * (num(r, "coupon") - gov(tables, r)) for b, r in bonds.items()}
    issued = total(bonds.values(), "amount")
    year = [r for r in bonds.values() if "2025-01-01" <= r["issued_on"] <= last]
    crmw = pick(tables, "credit_protection", kind="CRMW")
    backed = [r for r in bonds.values() if r["guarantor_id"]]
    programmes = tables["bond_pipeline"]
    quick = [r for r in programmes if r["first_issued_on"] and days(r["reserved_on"], r["first_issued_on"]) <= 365]
    return {
        "issued_2025": total(year, "amount"),
        **{f"outstanding_{q}": total(out[q], "amount") for q in quarters},
        "held_less_outstanding": sum(map(abs, gaps)) + total(stray, "amount"),
        f"bank_share_{last}": 100 * held["bank"] / total(out[last], "amount"),
        f"insurer_share_{last}": 100 * held["insurer"] / total(out[last], "amount"),
        **{f"spread_bond_{b}": spread[b] for b in ("1", "3", "4")},
        "spread_weighted": sum(num(r, "amount") * spread[b] for b, r in bonds.items()) / issued,
        "crmw_cover": 100 * num(crmw, "notional") / issued,
        "crmw_share_of_bond_1": 100 * num(crmw, "notional") / num(bonds["1"], "amount"),
        "crmw_fee_a_year": num(crmw, "notional") * num(crmw, "fee") / 100,
        "guaranteed_percent": 100 * total(backed, "amount") / issued,
        "guarantee_fee": sum(num(r, "amount") * num(r, "guarantee_fee") for r in backed) / total(backed, "amount"),
        "to_funds_of_bond_3": num(bonds["3"], "amount") * num(bonds["3"], "fund_share") / 100,
        "pipeline_conversion": Fraction(100 * len(quick), len(programmes)),
        "issued_of_registered": 100 * issued / total(programmes, "registered_amount"),
        "variety_2025": Fraction(len({(r["issuer_type"], r["instrument"]) for r in year})),
        "issuers_2025": Fraction(len({(r["enterprise_id"], r["manager_id"], r["institution_id"]) for r in year})),
    }


def gov(tables: Tables, row: Row) -> Fraction:
    """The government yield of the first leg at the last month end before the issue."""
    legs = chosen(tables, "curve", curve="GOV", tenor_months=row["first_leg_months"])
    before = max(r["month"] for r in tables["month"] if r["month"] < row["issued_on"])
    (point,) = [r for r in legs if r["month"] == before]
    return num(point, "yield_rate")


def warrant(tables: Tables) -> dict[str, object]:
    first, second = (pick(tables, "warrant", warrant_id=w) for w in (1, 2))
    value = pick(tables, "warrant_valuation", warrant_id=1, valued_on="2025-06-30")
    filed = pick(tables, "listing", enterprise_id=second["enterprise_id"], step="filed")["step_on"]
    ended = [r["outcome"] for r in tables["warrant"] if r["outcome"] in ("exercised", "lapsed")]
    rise = num(first, "value_at_end") - num(first, "strike_value")
    return {
        "intrinsic_1_2025-06-30": (num(value, "company_value") - num(first, "strike_value")) * num(first, "size") / 100,
        "gain_1": rise * num(first, "size") / 100,
        "gain_1_percent_of_strike": 100 * rise / num(first, "strike_value"),
        "days_2_ended_before_file": Fraction(days(second["ended_on"], filed)),
        "exercise_rate": Fraction(100 * ended.count("exercised"), len(ended)),
    }


def merger(tables: Tables) -> dict[str, object]:
    row = pick(tables, "merger", merger_id=1)
    loan = num(pick(tables, "loan", loan_id=row["loan_id"]), "amount_rmb")
    price = num(row, "price")
    assert num(row, "own_funds") + loan + num(row, "fund_amount") == price
    return {
        "loan_share_1": 100 * loan / price,
        "room_to_60_percent_1": price * MERGER_LOAN_CEILING - loan,
        "fund_share_1": 100 * num(row, "fund_amount") / price,
        "whole_target_1": price / (num(row, "stake") / 100),
        "given_up": Fraction(sum(r["terminated_on"] != "" for r in tables["merger"])),
    }


def link(tables: Tables) -> dict[str, object]:
    (row,) = [r for r in tables["investment_link"] if r["deal_id"]]
    deal, loan = pick(tables, "deal", deal_id=row["deal_id"]), pick(tables, "loan", loan_id=row["loan_id"])
    return {
        "days_between": Fraction(days(deal["closed_on"], loan["granted_on"])),
        "loans_tied": num(loan, "amount_rmb"),
    }


def listing(tables: Tables) -> dict[str, object]:
    steps = tables["listing"]
    day = {(r["enterprise_id"], r["step"]): r["step_on"] for r in steps}
    listed = [r for r in steps if r["step"] == "listed" and r["step_on"][:4] == "2025" and r["board"]]
    later = [r for r in steps if r["step"] == "refinanced" and r["step_on"][:4] == "2025"]
    board = [r["enterprise_id"] for r in steps if r["step"] == "specialised"]
    up = [r["enterprise_id"] for r in steps if r["step"] == "moved_up" and r["moved_from"] == "specialised"]
    return {
        "days_coached_to_filed_firm_1": Fraction(days(day["1", "coached"], day["1", "filed"])),
        "listed_2025": Fraction(len(listed)),
        "raised_at_listing_2025": total(listed, "proceeds"),
        "raised_later_2025": total(later, "proceeds"),
        "board_moved_up_percent": Fraction(100 * len(up), len(board)),
        "board_financed": total((r for r in steps if r["step"] == "financed"), "proceeds"),
    }


def insurance(tables: Tables) -> dict[str, object]:
    policies = {r["policy_id"]: r for r in tables["insurance_policy"]}
    premium = {p: num(r, "sum_insured") * num(r, "rate") / 100 for p, r in policies.items()}
    year = [p for p, r in policies.items() if r["written_on"][:4] == "2025"]
    guarantee = policies["7"]
    note = num(pick(tables, "loan", loan_id=guarantee["loan_id"]), "amount_rmb")
    rate_a_year = num(guarantee, "rate") * 12 / num(guarantee, "term_months")
    asked = {p: premium[p] * IP_SHARE for p in ("1", "2")}  # in the order of the applications
    granted = {"1": min(asked["1"], Fraction(IP_CAP))}
    granted["2"] = min(asked["2"], IP_CAP - granted["1"])
    first_kind = premium["4"] * FIRST_OF_KIND_SHARE
    supported = sum(granted.values()) + premium["3"] * IP_SHARE + first_kind
    claim = pick(tables, "insurance_claim", policy_id=4)
    part = {
        r["institution_id"]: num(claim, "amount_paid") * num(r, "share") / 100
        for r in chosen(tables, "insurance_share", policy_id=4)
    }
    cover = {p: num(r, "sum_insured") for p, r in policies.items()}
    day, fourth = "2025-12-31", policies["4"]
    reported = [r for r in tables["insurance_claim"] if r["reported_on"] <= day]
    decided = [r for r in reported if "" < r["decided_on"] <= day]
    whole = days(fourth["starts_on"], fourth["ends_on"]) + 1
    special = [p for p in year if policies[p]["scope"] == "special"]
    government = [p for p in year if policies[p]["payer"] == "government"]
    return {
        "premium_4": premium["4"],
        "premium_7": note * GUARANTEE_INSURED * rate_a_year * 2 / 100,
        "subsidy_firm_5": sum(granted.values()),
        "subsidy_cut_policy_2": asked["2"] - granted["2"],
        "subsidy_policy_4": first_kind,
        "subsidy_rate": 100 * supported / sum(premium[p] for p in ("1", "2", "3", "4")),
        "claim_lead_67": part["67"],
        "claim_68": part["68"],
        "claim_70": part["70"],
        "cover_year_2025": sum(cover[p] for p in year),
        "cover_cumulative": sum(cover.values()),
        "coinsured_percent_2025": 100
        * sum(cover[p] for p in year if policies[p]["coinsured"] == "true")
        / sum(cover[p] for p in year),
        "premium_special_2025": sum(premium[p] for p in special),
        "premium_growth_property_firm_1": 100 * (premium["9"] / premium["8"] - 1),
        "government_percent_2025": 100 * sum(premium[p] for p in government) / sum(premium[p] for p in year),
        f"earned_4_{day}": premium["4"] * (days(fourth["starts_on"], day) + 1) / whole,
        f"incurred_{day}": total(decided, "amount_paid") + total((r for r in reported if r not in decided), "reserve"),
    }


def cross_border(tables: Tables) -> dict[str, object]:
    parity = {r["month"]: num(r, "usd_cny") for r in tables["month"]}
    quota = {r["facility_id"]: num(r, "quota_usd") for r in tables["cross_border_facility"]}

    def debt(firm: int, quarter: str) -> tuple[Fraction, Fraction]:
        """Balance in dollars, from all flows so far, and the quota in force."""
        rows = [r for r in chosen(tables, "cross_border_debt", enterprise_id=firm) if r["quarter"] <= quarter]
        balance = total(rows, "drawn") - total(rows, "repaid")
        per_usd = {"USD": Fraction(1), "HKD": HKD_PER_USD, "CNY": parity[quarter]}[rows[-1]["currency"]]
        (facility,) = open_on(
            chosen(tables, "cross_border_facility", enterprise_id=firm), quarter, "registered_on", "replaced_on"
        )
        return balance / per_usd, quota[facility["facility_id"]]

    day = "2025-06-30"
    each = [debt(firm, day) for firm in (12, 1, 4)]
    first = pick(tables, "research_transfer", transfer_id=1)
    yuan = num(first, "amount") * parity["2025-08-31"] / HKD_PER_USD
    flows = tables["cash_pool_flow"]
    members = tables["cash_pool_member"]
    inflow = {}
    for call in tables["capital_call"]:
        commitment = pick(tables, "fund_commitment", commitment_id=call["commitment_id"])
        if commitment["currency"] == "USD":
            month = min(m for m in parity if m >= call["paid_on"])
            inflow[call["paid_on"]] = num(call, "amount") / parity[month]
    return {
        f"use_firm_12_{day}": 100 * each[0][0] / each[0][1],
        "use_firm_1_2025-03-31": 100 * debt(1, "2025-03-31")[0] / debt(1, "2025-03-31")[1],
        f"use_firm_1_{day}": 100 * each[1][0] / each[1][1],
        f"use_firm_4_{day}": 100 * each[2][0] / each[2][1],
        f"use_total_{day}": 100 * sum(b for b, _ in each) / sum(q for _, q in each),
        "kehuitong_1_cny": yuan,
        "kehuitong_total": yuan + num(pick(tables, "research_transfer", transfer_id=2), "amount"),
        "pool_gross_to_date": total(flows, "inflow_usd") + total(flows, "outflow_usd"),
        **{
            f"pool_members_{d}": Fraction(len(open_on(members, d, "joined_on", "left_on")))
            for d in ("2024-12-31", "2025-12-31")
        },
        "qflp_inflow_2024-06-30": sum(v for d, v in inflow.items() if d <= "2024-06-30"),
        "qflp_inflow_2025-06-30": sum(v for d, v in inflow.items() if "2025-03-31" < d <= "2025-06-30"),
        **{f"qflp_use_{d}": qflp_use(tables, inflow, d) for d in ("2025-03-31", "2025-12-31")},
    }


def qflp_use(tables: Tables, inflow: dict[str, Fraction], day: str) -> Fraction:
    """Foreign money received so far over the quota in force."""
    quotas = open_on(tables["qflp"], day, "approved_on", "replaced_on")
    return 100 * sum(v for d, v in inflow.items() if d <= day) / total(quotas, "quota_usd")
