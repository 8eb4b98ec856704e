"""Identities that hold by construction, each as a property of one unit drawn at random from worlds of several seeds.

Worked out row by row in plain integers (cents, 1e-5 percent), the long way: a fund's books, a firm's capital table, a
contract's shares. `test_funds.py` and its neighbours say the same of whole tables.
"""

import datetime
from collections import defaultdict
from functools import cache

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.world.shared import TINY, day, world

SEEDS = (7, 8)
WHOLE = 10_000_000  # 100 %
few = settings(max_examples=24, derandomize=True, deadline=None)
seeds, places = st.sampled_from(SEEDS), st.integers(0, 2**31)


@cache
def rows_by(table, key, seed):
    """The rows of a table by a column's value, in the order of the file."""
    found = defaultdict(list)
    for row in world(TINY, seed)[table].iter_rows(named=True):
        found[row[key]].append(row)
    return dict(found)


def one_of(table, key, seed, place):
    """(value of the key, its rows) of the place-th unit, counted round and round."""
    units = rows_by(table, key, seed)
    value = list(units)[place % len(units)]
    return value, units[value]


@few
@given(seeds, places)
def test_a_fund_s_cash_is_what_came_in_less_what_went_out(seed, place):
    fund, quarters = one_of("fund_cash_flow", "fund_id", seed, place)
    commitments = {row["commitment_id"]: row["amount"] for row in rows_by("fund_commitment", "fund_id", seed)[fund]}
    paid = defaultdict(int)
    for call in rows_by("capital_call", "fund_id", seed).get(fund, []):
        paid[call["commitment_id"]] += call["amount"]
    assert all(amount <= commitments[commitment] for commitment, amount in paid.items())
    first = min(row["quarter"] for row in quarters)
    assert sum(row["called"] for row in quarters) <= sum(paid.values())
    cash = None
    for row in sorted(quarters, key=lambda row: row["quarter"]):
        assert row["nav"] == row["fair_value"] + (row["cash"] or 0)
        if row["invested"] is None:  # a fund of funds is carried at what it paid in
            continue
        step = row["called"] - row["fee"] - row["invested"] + row["proceeds"] - row["distributed"]
        step -= row["carried_interest"]
        if cash is None and row["quarter"] > first:
            raise AssertionError("the first quarter has no cash")
        if cash is not None:
            assert row["cash"] == cash + step
        cash = row["cash"]
        assert cash >= 0


@few
@given(seeds, places)
def test_a_firm_s_capital_table_adds_up_to_the_whole_after_every_round(seed, place):
    _, deals = one_of("deal", "investee_id", seed, place)
    rounds = defaultdict(list)
    for deal in deals:
        if deal["instrument"] in ("common", "preferred", "convertible"):
            rounds[deal["closed_on"], deal["round_id"]].append(deal)
    owners = {"others": 1.0}  # shares of the firm, founders and unseen investors as one
    for (_, number), bought in sorted(rounds.items()):
        post = bought[0]["post_money"]
        fresh = [deal for deal in bought if not deal["secondary"]]
        new_money = sum(deal["amount"] for deal in fresh)
        if fresh:
            assert post == bought[0]["pre_money"] + bought[0]["round_amount"]
            assert new_money <= bought[0]["round_amount"]
            owners = {name: share * (1 - new_money / post) for name, share in owners.items()}
        for deal in bought:
            share = deal["amount"] / post
            assert abs(deal["stake"] - share * WHOLE) <= 1
            if deal["secondary"]:
                assert owners["others"] >= share
                owners["others"] -= share
            owners[number, deal["fund_id"]] = owners.get((number, deal["fund_id"]), 0.0) + share
        assert abs(sum(owners.values()) - 1) < 1e-9
        assert owners["others"] > 0


@few
@given(seeds, st.dates(datetime.date(2022, 1, 1), datetime.date(2027, 12, 31)))
def test_the_group_seen_through_is_the_money_of_those_outside_it(seed, on):
    members = {
        row["fund_id"]: row
        for row in world(TINY, seed)["fund"].iter_rows(named=True)
        if row["in_20p8_group"] and row["founded_on"] <= on
    }
    inside = outside = 0
    for fund in members:
        for promise in rows_by("fund_commitment", "fund_id", seed)[fund]:
            if promise["investor_fund_id"] in members:
                inside += promise["amount"]
            else:
                outside += promise["amount"]
    assert len(members) > 5
    assert sum(row["size"] for row in members.values()) - inside == outside > 0


@few
@given(seeds, places)
def test_a_guarantee_s_shares_are_the_whole_and_its_claim_within_what_it_covers(seed, place):
    _, (contract,) = one_of("guarantee", "guarantee_id", seed, place)
    parts = [contract[f"share_{name}"] for name in ("national", "provincial", "city", "guarantor", "bank")]
    assert sum(parts) == WHOLE and min(parts) >= 0
    covered = contract["principal"] - contract["guaranteed_amount"]
    assert covered == contract["principal"] * contract["share_bank"] // WHOLE
    for name in ("claimed_amount", "compensated_amount"):
        assert (contract[name] or 0) <= contract["guaranteed_amount"]
    assert (contract["recovered_amount"] or 0) <= (contract["compensated_amount"] or 0)


@few
@given(seeds, places)
def test_a_firm_s_interest_subsidies_stay_within_a_million_a_year_and_three_in_all(seed, place):
    loans = {row["loan_id"]: row["enterprise_id"] for row in world(TINY, seed)["loan"].iter_rows(named=True)}
    by_firm = defaultdict(list)
    for row in world(TINY, seed)["interest_subsidy"].iter_rows(named=True):
        by_firm[loans[row["loan_id"]]].append(row)
    paid = by_firm[sorted(by_firm)[place % len(by_firm)]]
    years = defaultdict(int)
    for row in paid:
        assert 0 <= row["entitled"] <= row["computed"] <= row["interest"]
        assert (row["paid"] or 0) <= row["entitled"]
        if row["scheme"].startswith("city"):
            years[row["period_to"].year] += row["entitled"]
    assert max(years.values(), default=0) <= 1_000_000_00
    assert sum(years.values()) <= 3_000_000_00


@few
@given(seeds, places)
def test_a_compensation_is_its_share_of_the_loss_and_at_most_half(seed, place):
    loan, claims = one_of("risk_claim", "loan_id", seed, place)
    paid = [claim for claim in claims if claim["paid"]]
    assert len(paid) <= 1
    for claim in paid:
        assert claim["paid"] == claim["net_principal"] * claim["share"] // WHOLE
        assert 2 * claim["paid"] <= claim["npl_principal"]
        assert (claim["recovered"] or 0) <= claim["paid"]
    for claim in claims:
        guaranteed = rows_by("guarantee", "loan_id", seed).get(loan, [])
        relief = sum(contract["compensated_amount"] or 0 for contract in guaranteed)
        assert claim["npl_principal"] - relief <= claim["net_principal"] <= claim["npl_principal"]


@few
@given(seeds, places)
def test_what_is_held_of_a_bond_is_what_is_outstanding(seed, place):
    _, (bond,) = one_of("bond", "bond_id", seed, place)
    held = defaultdict(int)
    for row in rows_by("bond_holding", "bond_id", seed).get(bond["bond_id"], []):
        held[row["quarter_end"]] += row["amount"]
    ends = pl.select(pl.date_range(day("2022-03-31"), day("2027-12-31"), "3mo").dt.month_end()).to_series()
    for end in ends:
        alive = bond["issued_on"] <= end and (bond["redeemed_on"] is None or bond["redeemed_on"] > end)
        assert held.get(end, 0) == (bond["amount"] if alive else 0)


@few
@given(seeds, places)
def test_the_insurers_of_a_policy_carry_the_whole_of_it(seed, place):
    number, shares = one_of("insurance_share", "policy_id", seed, place)
    (policy,) = rows_by("insurance_policy", "policy_id", seed)[number]
    assert sum(row["share"] for row in shares) == WHOLE
    for name in ("sum_insured", "premium"):
        assert sum(row[name] for row in shares) == policy[name]
    assert [row["role"] for row in shares].count("lead") == 1


@few
@given(seeds, places)
def test_a_note_s_balance_is_the_one_before_and_the_flows_since(seed, place):
    loan, flows = one_of("loan_flow", "loan_id", seed, place)
    months = [row["month"] for row in world(TINY, seed)["month"].iter_rows(named=True)]
    balances = {row["month"]: row for row in rows_by("loan_balance", "loan_id", seed).get(loan, [])}
    for name in ("amount", "amount_rmb"):
        stock = name.replace("amount", "balance")
        for month in months:
            owed = sum(flow[name] for flow in flows if flow["event_on"] <= month)
            assert (balances[month][stock] if month in balances else 0) == owed


@few
@given(seeds, places)
def test_a_bank_s_corporate_loans_are_its_notes_and_the_stated_rest(seed, place):
    reports = world(TINY, seed)["bank_month"].filter(pl.col("reporting_scope") == "PBOC")
    report = reports.row(place % reports.height, named=True)
    mine = {row["loan_id"] for row in rows_by("loan", "institution_id", seed).get(report["institution_id"], [])}
    notes = rows_by("loan_balance", "month", seed).get(report["month"], [])
    owed = sum(row["balance_rmb"] for row in notes if row["loan_id"] in mine)
    assert report["enterprise_loans"] == owed + report["enterprise_loans_other"]
    parts = ("enterprise_loans", "household_loans", "overseas_loans", "non_bank_loans")
    assert report["all_loans"] == sum(report[name] for name in parts)
