"""Funds: commitments, calls, rounds, stakes, exits, net asset value, returns, transfers."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from tests.acceptance.edits import Row, Tables
from tests.acceptance.worked.cells import chosen, num, pick, total

QUARTERS = [f"{y}-{q}" for y in range(2022, 2026) for q in ("03-31", "06-30", "09-30", "12-31")][1:]
LONG = 10  # years of a fund's term
EARLY = {"investee_age": 60, "investee_staff": 300, "investee_revenue": 50_000_000, "investee_assets": 50_000_000}


def compute(tables: Tables) -> dict[tuple[str, str], object]:
    """All figures of the group."""
    parts = group(tables) | rounds(tables) | returns(tables) | carry(tables) | transfers(tables) | mix(tables)
    return {("fund", name): value for name, value in parts.items()}


def group(tables: Tables) -> dict[str, object]:
    funds = {r["fund_id"]: r for r in tables["fund"]}
    member = {f for f, r in funds.items() if r["in_20p8_group"] == "true"}
    inside = [r for r in tables["fund_commitment"] if r["fund_id"] in member and r["investor_fund_id"] in member]
    own = {r["commitment_id"] for r in inside}
    calls = tables["capital_call"]
    paid = {f: total((r for r in calls if r["fund_id"] == f), "amount") for f in funds}
    gross = {
        name: sum(num(funds[f], column) for f in member)
        for name, column in (("committed", "size"), ("target", "target_size"))
    }
    gross["paid_in"] = sum(paid[f] for f in member)
    less = {"committed": total(inside, "amount"), "target": total(inside, "amount")}
    less["paid_in"] = total((r for r in calls if r["commitment_id"] in own), "amount")
    new = [r for r in tables["fund_commitment"] if r["committed_on"][:4] == "2024"]
    return {
        **{f"called_percent_{f}": 100 * paid[f] / num(r, "size") for f, r in funds.items()},
        **{f"group_gross_{k}": v for k, v in gross.items()},
        "group_inside_committed": less["committed"],
        **{f"group_look_through_{k}": v - less[k] for k, v in gross.items()},
        "raised_2024": total((r for r in new if not r["investor_fund_id"]), "amount"),
    }


def rounds(tables: Tables) -> dict[str, object]:
    deal = {r["deal_id"]: r for r in tables["deal"]}
    post = {r["round_id"]: num(r, "pre_money") + num(r, "round_amount") for r in deal.values()}
    exits = {r["exit_id"]: r for r in tables["fund_exit"]}
    after = {d: bought(r) * dilution(deal, r) for d, r in deal.items()}  # stakes after the last round
    sold = after["1"] * num(exits["1"], "holding_sold") / 100
    series_a, series_b = deal["1"], deal["6"]
    keep = num(series_b, "pre_money") / post["5"]
    others_a = 100 * (num(series_a, "round_amount") - num(series_a, "amount")) / post["1"] * keep
    others_b = 100 * (num(series_b, "round_amount") - num(series_b, "amount")) / post["5"]
    founders = 100 * num(series_a, "pre_money") / post["1"] * keep
    proceeds = {e: num(r, "company_value") * after_sale(deal, r) / 100 for e, r in exits.items()}
    return {
        **{f"round_{r}_post_money": post[r] for r in ("1", "2", "4", "5")},
        "round_6_post_money_secondary": post["6"],
        "round_4_stake_fund_1002": bought(deal["4"]),
        "round_4_stake_fund_1001": bought(deal["5"]),
        "round_6_stake_bought": bought(deal["7"]),
        "firm_10_fund_1002_after_round_5": after["1"],
        "firm_10_stake_sold": sold,
        "firm_10_residual_stake": after["1"] - sold,
        "firm_10_other_investors": others_a + others_b,
        "firm_10_cap_table_sum": founders + others_a + others_b + after["1"] + after["6"],
        "firm_10_cap_table_founders": founders,
        **{f"proceeds_exit_{e}": v for e, v in proceeds.items()},
        "multiple_exit_1": proceeds["1"] / (num(deal["1"], "amount") * num(exits["1"], "holding_sold") / 100),
        "exit_amount": sum(proceeds.values()),
        "exit_percent_merger": 100
        * sum(proceeds[e] for e, r in exits.items() if r["route"] == "merger")
        / sum(proceeds.values()),
    }


def bought(deal: Row) -> Fraction:
    """The stake that the money buys at the value after the round, in percent."""
    return 100 * num(deal, "amount") / (num(deal, "pre_money") + num(deal, "round_amount"))


def dilution(deals: dict[str, Row], held: Row, until: str = "9999") -> Fraction:
    """What later rounds of the firm leave of a stake; old shares that change hands leave it whole."""
    later = {
        r["round_id"]: num(r, "pre_money") / (num(r, "pre_money") + num(r, "round_amount"))
        for r in deals.values()
        if r["investee_id"] == held["investee_id"] and held["closed_on"] < r["closed_on"] <= until
    }
    left = Fraction(1)
    for part in later.values():
        left *= part
    return left


def after_sale(deals: dict[str, Row], gone: Row) -> Fraction:
    """The stake sold, in percent of the firm on the day."""
    deal = deals[gone["deal_id"]]
    return bought(deal) * dilution(deals, deal, gone["exited_on"]) * num(gone, "holding_sold") / 100


def returns(tables: Tables) -> dict[str, object]:
    fund = pick(tables, "fund", fund_id=1002)
    rows = {r["quarter"]: r for r in chosen(tables, "fund_cash_flow", fund_id=1002)}
    assert sorted(rows) == QUARTERS
    nav, fees, flows = {}, Fraction(0), []
    cash = Fraction(0)
    previous = "2022-03-31"
    for quarter in QUARTERS:
        called = between(chosen(tables, "capital_call", fund_id=1002), "paid_on", "amount", previous, quarter)
        paid_in = between(chosen(tables, "capital_call", fund_id=1002), "paid_on", "amount", "", quarter)
        rate = num(fund, "fee_rate") / (1 if quarter <= fund["invest_end_on"] else 2)
        fee = paid_in * rate / 400
        spent = between(chosen(tables, "deal", fund_id=1002), "closed_on", "amount", previous, quarter)
        got = between(chosen(tables, "fund_exit", fund_id=1002), "exited_on", "proceeds", previous, quarter)
        given = num(rows[quarter], "distributed")
        cash += called - fee - spent + got - given
        fees += fee
        nav[quarter] = cash + holdings(tables, quarter)
        flows.append((quarter, given - called))
        assert nav[quarter] == num(rows[quarter], "nav") and cash == num(rows[quarter], "cash"), quarter
        previous = quarter
    paid_in, given = total(rows.values(), "called"), total(rows.values(), "distributed")
    last = nav[QUARTERS[-1]]
    return {
        **{f"nav_1002_{q}": v for q, v in nav.items()},
        "fees_1002": fees,
        "dpi_1002": given / paid_in,
        "rvpi_1002": last / paid_in,
        "tvpi_1002": (given + last) / paid_in,
        "irr_1002": irr([*flows, (QUARTERS[-1], last)]),
        "unreturned_1002": paid_in - given,
        "carried_interest_1002": max(given - paid_in, Fraction(0)) * num(fund, "carry_rate") / 100,
    }


def carry(tables: Tables) -> dict[str, object]:
    """Fund 1004: one call, one deal, one exit; a fifth of what exceeds capital and simple hurdle, by quarters."""
    fund = pick(tables, "fund", fund_id=1004)
    paid_in = total(chosen(tables, "capital_call", fund_id=1004), "amount")
    rows = {r["quarter"]: r for r in chosen(tables, "fund_cash_flow", fund_id=1004)}
    (sale,) = chosen(tables, "fund_exit", fund_id=1004)
    quarters = sorted(rows)
    end = min(q for q in quarters if q >= sale["exited_on"])
    hurdle = paid_in * num(fund, "hurdle_rate") / 100 * quarters.index(end) / 4
    carried = max(num(sale, "proceeds") - paid_in - hurdle, Fraction(0)) * num(fund, "carry_rate") / 100
    given = num(sale, "proceeds") - carried
    assert carried == num(rows[end], "carried_interest") and given == num(rows[end], "distributed")
    return {
        "hurdle_1004": hurdle,
        "carried_interest_1004": carried,
        "dpi_1004": given / paid_in,
        "irr_1004": irr([(quarters[0], -paid_in), (end, given)]),
    }


def between(rows: list[Row], day: str, column: str, after: str, until: str) -> Fraction:
    """Money of the days after one date up to another."""
    return total((r for r in rows if after < r[day] <= until), column)


def holdings(tables: Tables, day: str) -> Fraction:
    """What fund 1002 holds, at the price of the firm's last round."""
    deals = {r["deal_id"]: r for r in tables["deal"] if r["closed_on"] <= day}
    value = Fraction(0)
    for deal in deals.values():
        if deal["fund_id"] != "1002":
            continue
        exits = [r for r in chosen(tables, "fund_exit", deal_id=deal["deal_id"]) if r["exited_on"] <= day]
        left = 1 - total(exits, "holding_sold") / 100
        last = max((r for r in deals.values() if r["investee_id"] == deal["investee_id"]), key=lambda r: r["closed_on"])
        worth = num(last, "pre_money") + num(last, "round_amount")
        value += worth * bought(deal) * dilution(deals, deal) * left / 100
    return value


def irr(flows: list[tuple[str, Fraction]]) -> Fraction:
    """The yearly rate in percent at which the dated flows are worth nothing (days over 365), by halving."""
    start = date.fromisoformat(flows[0][0])
    dated = [((date.fromisoformat(day) - start).days / 365, float(amount)) for day, amount in flows]
    low, high = -0.5, 1.0
    for _ in range(100):
        rate = (low + high) / 2
        worth = sum(amount / (1 + rate) ** years for years, amount in dated)
        low, high = (rate, high) if worth > 0 else (low, rate)
    return Fraction(100 * rate)


def transfers(tables: Tables) -> dict[str, object]:
    shown: dict[str, object] = {}
    for row in tables["fund_transfer"]:
        before = [
            r for r in chosen(tables, "fund_cash_flow", fund_id=row["fund_id"]) if r["quarter"] < row["transferred_on"]
        ]
        commitment = num(pick(tables, "fund_commitment", commitment_id=row["commitment_id"]), "amount")
        part = (
            commitment * num(row, "commitment_share") / 100 / num(pick(tables, "fund", fund_id=row["fund_id"]), "size")
        )
        worth = num(max(before, key=lambda r: r["quarter"]), "nav") * part
        shown[f"transfer_{row['transfer_id']}_nav"] = worth
        shown[f"transfer_{row['transfer_id']}_discount"] = 100 * (1 - num(row, "price") / worth)
    return {**shown, "transfer_volume": total(tables["fund_transfer"], "price")}


def mix(tables: Tables) -> dict[str, object]:
    deals = tables["deal"]
    early = [r for r in deals if all(num(r, column) <= most for column, most in EARLY.items())]
    hard = [r for r in deals if r["hard_tech"] == "true"]
    term = {r["fund_id"]: int(r["term_years"]) for r in tables["fund"]}
    outside = [r for r in tables["fund_commitment"] if not r["investor_fund_id"]]
    every = tables["fund_commitment"]
    inside = total((r for r in every if r["investor_fund_id"]), "amount")
    long = total((r for r in every if term[r["fund_id"]] >= LONG), "amount") - inside
    return {
        "early_percent_amount": 100 * total(early, "amount") / total(deals, "amount"),
        "early_percent_count": Fraction(100 * len(early), len(deals)),
        "hard_tech_percent_amount": 100 * total(hard, "amount") / total(deals, "amount"),
        "long_look_through_committed_percent": 100 * long / total(outside, "amount"),
    }
