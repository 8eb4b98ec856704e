"""Measure 13: data-asset pledges, credit granted online, industrial platforms, spending of institutions, pilots."""

from __future__ import annotations

from datetime import date

from .sharing_data import HUNDRED_MILLION, TOTAL, Data, Figures, Row, groups, quantile, share

CITY_KINDS = ("bank", "insurer", "broker")


def work_out(data: Data, found: Figures) -> None:
    _data_assets(data, found)
    _online(data, found)
    _industrial(data, found)
    _spending(data, found)
    _pilots(data, found)


def _data_assets(data: Data, found: Figures) -> None:
    metric = "data_asset_pledge_loans"
    things = [
        {**row, "institution_id": data.notes[row["loan_id"]]["institution_id"]}
        for row in data.rows("collateral")
        if row["kind"] == "data_asset"
    ]
    balances = data.balances(row["loan_id"] for row in things)
    for quarter in data.quarters:
        day = quarter.last
        for where, part in groups(things, ("bank", "institution_id")):
            new = [row for row in part if quarter.holds(row["secured_on"])]
            secured = sum(row["secured_amount"] for row in new)
            held = {row["loan_id"] for row in part if row["secured_on"] <= day} & balances[day].keys()
            left = [balances[day][loan]["balance_rmb"] for loan in held]
            found.put(metric, "loans", day, where, len({row["loan_id"] for row in new}))
            found.put(metric, "amount", day, where, secured / HUNDRED_MILLION)
            found.put(metric, "loan_to_value", day, where, share(secured, sum(row["value"] for row in new)))
            found.put(metric, "balance", day, where, sum(left) / HUNDRED_MILLION)
            found.put(metric, "loans_outstanding", day, where, sum(money > 0 for money in left))


def _online(data: Data, found: Figures) -> None:
    metric = "online_credit_share"
    channel = {row["application_id"]: row["channel"] for row in data.rows("credit_application")}
    granted: dict[tuple[int, int], list[Row]] = {}
    for note in data.notes.values():
        if note["tech_use"] or data.is_tech(note["enterprise_id"], note["granted_on"]):
            row = {**note, "online": channel[note["application_id"]] == "online"}
            granted.setdefault(_quarter(note["granted_on"]), []).append(row)
    decided: dict[tuple[int, int], list[Row]] = {}
    for row in data.rows("credit_application"):
        if row["decision"] == "approved" and data.is_tech(row["enterprise_id"], row["decided_on"]):
            hours = 24 * (row["decided_on"] - row["applied_on"]).days
            decided.setdefault(_quarter(row["decided_on"]), []).append({**row, "hours": hours})
    for quarter in data.quarters:
        day = quarter.last
        for where, part in groups(granted.get(_quarter(day), ()), ("bank", "institution_id")):
            online = [note for note in part if note["online"]]
            amount = sum(note["amount_rmb"] for note in online)
            found.put(metric, "share_amount", day, where, share(amount, sum(note["amount_rmb"] for note in part)))
            found.put(metric, "share_count", day, where, share(len(online), len(part)))
            found.put(metric, "online_amount", day, where, amount / HUNDRED_MILLION)
        for where, part in groups(decided.get(_quarter(day), ()), ("bank", "institution_id")):
            online_hours = quantile((row["hours"] for row in part if row["channel"] == "online"), 0.5)
            other_hours = quantile((row["hours"] for row in part if row["channel"] != "online"), 0.5)
            found.put(metric, "median_hours", day, where, online_hours)
            found.put(metric, "median_hours_other", day, where, other_hours)


def _quarter(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3


def _industrial(data: Data, found: Figures) -> None:
    metric = "industrial_platform_loans"
    notes = [n["loan_id"] for n in data.notes.values() if n["code"] == "supply_chain" and n["manufacturing"]]
    for day, rows in data.balances(notes).items():
        members = {
            link["enterprise_id"]
            for link in data.rows("chain_link")
            if link["valid_from"] <= day <= (link["valid_to"] or day) and link["disclosed_on"] <= day
        }
        open_rows = [row for row in rows.values() if row["balance_rmb"] > 0]
        owed = [(data.notes[row["loan_id"]]["enterprise_id"], row["balance_rmb"]) for row in open_rows]
        linked = [(firm, money) for firm, money in owed if firm in members]
        for suffix, part in (("", owed), ("_linked", linked)):
            found.put(metric, "firms" + suffix, day, TOTAL, len({firm for firm, _ in part}))
            found.put(metric, "balance" + suffix, day, TOTAL, sum(money for _, money in part) / HUNDRED_MILLION)


def _spending(data: Data, found: Figures) -> None:
    metric = "institution_digital_spend"
    kind = {row["institution_id"]: row["kind"] for row in data.rows("institution")}
    reports = [{**row, "kind": kind[row["institution_id"]]} for row in data.rows("institution_year")]
    for period in data.years:
        year = [row for row in reports if row["year"] == period.last.year]
        city = [row for row in year if row["kind"] in CITY_KINDS]
        for where, part in [(TOTAL, city), *groups(year, ("institution_kind", "kind"))[1:]]:
            spent, revenue = sum(row["it_spend"] for row in part), sum(row["revenue"] for row in part)
            digital, products = sum(row["digital_products"] for row in part), sum(row["products"] for row in part)
            shares = [float(100 * row["it_spend"]) / float(row["revenue"]) for row in part if row["revenue"] > 0]
            found.put(metric, "it_share", period.last, where, share(spent, revenue))
            found.put(metric, "digital_product_share", period.last, where, share(digital, products))
            found.put(metric, "median_it_share", period.last, where, quantile(shares, 0.5))
            found.put(metric, "it_spend", period.last, where, spent / HUNDRED_MILLION)


def _pilots(data: Data, found: Figures) -> None:
    for year in data.years:
        day = year.last
        known = [row for row in data.rows("fintech_pilot") if row["admitted_on"] <= day]
        for where, part in groups(known, ("technology", "technology")):
            gone = [row for row in part if row["exited_on"] and row["exited_on"] <= day]
            withdrawn = {row["pilot_id"] for row in gone if row["exit_kind"] == "withdrawn"}
            used = [row for row in part if row["tech_finance_on"] and row["tech_finance_on"] <= day]
            live = [row for row in part if row["live_on"] and row["live_on"] <= day and row not in gone]
            for component, value in (
                ("admitted", sum(year.holds(row["admitted_on"]) for row in part)),
                ("live", len(live)),
                ("exited", sum(year.holds(row["exited_on"]) for row in part)),
                ("used_in_tech_finance", sum(row["pilot_id"] not in withdrawn for row in used)),
                ("admitted_to_date", len(part)),
            ):
                found.put("fintech_pilots", component, day, where, value)
