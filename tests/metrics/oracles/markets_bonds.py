"""Bonds of the group `markets`: varieties, coverage, issuance, price, enhancement, fee, holders, pipeline, ABS."""

from __future__ import annotations

from datetime import date
from statistics import median

from .markets_base import (
    TOTAL,
    YI,
    Figures,
    Row,
    World,
    alive,
    cuts,
    dated,
    ended,
    in_quarter,
    later,
    month_end,
    ratio,
    total,
    weighted,
)

KINDS = ("guarantor", "bond_insurer", "CRMW", "CONTRACT")
FINANCIAL = {"bank", "broker", "insurer", "wealth_manager", "aic"}


def figures(world: World, out: Figures) -> None:
    bonds = world.rows("bond")
    sti = [bond for bond in bonds if bond["scope_version"] is not None]
    kinds = {row["institution_id"]: row["kind"] for row in world.rows("institution")}
    for month in world.months:
        issuance(out, month, bonds)
    for quarter in world.quarters:
        variety(out, quarter, bonds, sti)
        spread(out, quarter, in_quarter(sti, "issued_on", quarter), world.rows("credit_protection"))
        cover(out, quarter, in_quarter(sti, "issued_on", quarter), world.rows("credit_protection"), kinds)
        fee(out, quarter, bonds, sti)
        abs_issuance(out, quarter, in_quarter(bonds, "issued_on", quarter))
    coverage(world, out, sti, kinds)
    holding(world, out, sti, kinds)
    pipeline(world, out, bonds)


def trailing_year(rows: list[Row], quarter: date) -> list[Row]:
    year_before = month_end(later(quarter, -12))
    return [row for row in dated(rows, "issued_on", date.min, quarter) if row["issued_on"] > year_before]


def variety(out: Figures, quarter: date, bonds: list[Row], sti: list[Row]) -> None:
    def number(rows: list[Row]) -> int:
        return len({(row["issuer_type"], row["instrument"]) for row in trailing_year(rows, quarter)})

    out.at(
        "sti_bond_variety",
        quarter,
        varieties=number(sti),
        varieties_scope_2025=number([bond for bond in sti if bond["scope_version"] == "2025"]),
        varieties_with_ip_backed=number(bonds),
    )


def issuer(bond: Row) -> tuple[str, int]:
    return bond["issuer_type"], bond["enterprise_id"] or bond["manager_id"] or bond["institution_id"]


def coverage(world: World, out: Figures, sti: list[Row], kinds: dict[int, str]) -> None:
    managers, institutions = world.rows("fund_manager"), world.rows("institution")
    for quarter in world.quarters:
        tech = world.tech(quarter)
        living = {row["enterprise_id"] for row in alive(world.firms.values(), "founded_on", "dissolved_on", quarter)}
        eligible = {
            "tech_firm": tech & living,
            "equity_investor": {r["manager_id"] for r in alive(managers, "registered_on", "deregistered_on", quarter)},
            "financial": {
                row["institution_id"]
                for row in institutions
                if row["founded_on"] <= quarter and kinds[row["institution_id"]] in {"bank", "broker", "aic"}
            },
        }
        found = {issuer(bond) for bond in trailing_year(sti, quarter)}
        for cut, types in [(TOTAL, list(eligible)), *((("issuer_type", name), [name]) for name in eligible)]:
            chosen = [who for who in found if who[0] in types]
            out.at(
                "sti_bond_coverage",
                quarter,
                cut,
                issuers=len(chosen),
                share=ratio(
                    sum(number in eligible[kind] for kind, number in chosen), sum(len(eligible[t]) for t in types)
                ),
                firm_issuers=sum(kind != "financial" for kind, _ in chosen),
            )


def issuance(out: Figures, month: date, bonds: list[Row]) -> None:
    issued = dated(bonds, "issued_on", month.replace(day=1), month)
    redeemed = dated(bonds, "redeemed_on", month.replace(day=1), month)
    both = [*issued, *redeemed]
    for cut, rows in [(TOTAL, both), *cuts(both, "issuer_type", "issuer_type"), *cuts(both, "venue", "venue")]:
        numbers = {row["bond_id"] for row in rows}
        new = [bond for bond in issued if bond["bond_id"] in numbers]
        sti = [bond for bond in new if bond["scope_version"] is not None]
        gone = [b for b in redeemed if b["bond_id"] in numbers and b["scope_version"] is not None]
        out.at(
            "sti_bond_issuance",
            month,
            cut,
            issuance=total(sti) / YI,
            bonds=len(sti) if sti or cut == TOTAL else None,
            issuance_scope_2025=total(bond for bond in sti if bond["scope_version"] == "2025") / YI,
            net_financing=(total(sti) - total(gone)) / YI,
            ip_backed=total(bond for bond in new if bond["scope_version"] is None) / YI,
        )


def spread(out: Figures, quarter: date, issued: list[Row], protections: list[Row]) -> None:
    for bond in issued:
        protected = any(p["bond_id"] == bond["bond_id"] and p["created_on"] <= bond["issued_on"] for p in protections)
        bond["enhanced"] = "enhanced" if protected or bond["guarantor_id"] is not None else "plain"
        bond["spread"] = 100 * (bond["coupon"] - bond["benchmark_rate"])
    for cut, rows in [
        (TOTAL, issued),
        *cuts(issued, "rating", "bond_rating"),
        *cuts(issued, "enhanced", "enhanced"),
    ]:
        out.at(
            "sti_bond_spread",
            quarter,
            cut,
            spread=weighted((bond["amount"], bond["spread"]) for bond in rows),
            spread_median=median(bond["spread"] for bond in rows) if rows else None,
            bonds=len(rows),
        )


def cover(out: Figures, quarter: date, issued: list[Row], protections: list[Row], kinds: dict[int, str]) -> None:
    known = [row for row in protections if row["created_on"] <= quarter]
    whole = total(issued)

    def covered(bond: Row, wanted: tuple[str, ...]) -> float:
        if bond["guarantor_id"] is not None and (wanted == KINDS or kinds[bond["guarantor_id"]] in wanted):
            return float(bond["amount"])
        mine = [row for row in known if row["bond_id"] == bond["bond_id"] and row["kind"] in wanted]
        return min(float(bond["amount"]), total(mine, "notional"))

    if not issued:
        out.at("bond_enhancement_cover", quarter, enhanced_share=None, covered_share=None, crmw_share=None)
        out.at("bond_enhancement_cover", quarter, enhanced_amount=0)
        return
    for cut, wanted in [(TOTAL, KINDS), *((("enhancement_kind", kind), (kind,)) for kind in KINDS)]:
        enhanced = [bond for bond in issued if covered(bond, wanted)]
        out.at(
            "bond_enhancement_cover",
            quarter,
            cut,
            enhanced_share=ratio(total(enhanced), whole),
            covered_share=ratio(sum(covered(bond, wanted) for bond in issued), whole),
            enhanced_amount=total(enhanced) / YI,
        )
    numbers = {bond["bond_id"] for bond in issued}
    crmw = [row for row in known if row["kind"] == "CRMW" and row["bond_id"] in numbers]
    out.at("bond_enhancement_cover", quarter, crmw_share=ratio(total(crmw, "notional"), whole))


def fee(out: Figures, quarter: date, bonds: list[Row], sti: list[Row]) -> None:
    def mean(rows: list[Row]) -> float | None:
        return weighted((row["amount"], row["guarantee_fee"]) for row in rows if row["guarantor_id"] is not None)

    issued = in_quarter(sti, "issued_on", quarter)
    out.at(
        "bond_guarantee_fee",
        quarter,
        fee=mean(issued),
        fee_with_ip_backed=mean(in_quarter(bonds, "issued_on", quarter)),
        fee_outstanding=mean(alive(sti, "issued_on", "redeemed_on", quarter)),
        guaranteed_issuance=total(bond for bond in issued if bond["guarantor_id"] is not None) / YI,
    )


def holding(world: World, out: Figures, sti: list[Row], kinds: dict[int, str]) -> None:
    positions = world.rows("bond_holding")
    for quarter in world.quarters:
        open_bonds = {bond["bond_id"]: bond for bond in alive(sti, "issued_on", "redeemed_on", quarter)}
        whole = total(open_bonds.values())
        held = [
            {**row, "kind": kinds[row["holder_id"]]}
            for row in positions
            if row["quarter_end"] == quarter and row["bond_id"] in open_bonds
        ]
        by_institutions = total(row for row in held if row["kind"] in FINANCIAL)
        out.at(
            "bond_holding_share",
            quarter,
            share=ratio(by_institutions, whole),
            bank_share=ratio(total(row for row in held if row["kind"] == "bank"), whole),
            holding=by_institutions / YI,
            outstanding=whole / YI,
        )
        for cut, rows in cuts(held, "holder_type", "kind"):
            out.at("bond_holding_share", quarter, cut, share=ratio(total(rows), whole), holding=total(rows) / YI)


def pipeline(world: World, out: Figures, bonds: list[Row]) -> None:
    programmes = [row for row in world.rows("bond_pipeline") if row["instrument"] != "IP_ABS"]
    bonds_of: dict[int, list[Row]] = {}
    for bond in bonds:
        bonds_of.setdefault(bond["pipeline_id"], []).append(bond)

    def issued(programme: Row, last: date) -> float:
        return total(dated(bonds_of.get(programme["pipeline_id"], ()), "issued_on", date.min, last))

    for quarter in world.quarters:
        registered = [p for p in programmes if p["registered_on"] is not None and p["registered_on"] <= quarter]
        registered = [p for p in registered if not ended(p["lapsed_on"], quarter)]
        for cut, rows in [(TOTAL, registered), *cuts(registered, "issuer_type", "issuer_type")]:
            use = ratio(sum(issued(p, quarter) for p in rows), total(rows, "registered_amount"))
            out.at("bond_pipeline_conversion", quarter, cut, registered_use=use)
        if not world.is_over(quarter, 12):
            continue
        cohort = in_quarter(programmes, "reserved_on", quarter)
        for cut, rows in [(TOTAL, cohort), *cuts(cohort, "issuer_type", "issuer_type")]:
            in_time = [p for p in rows if ended(p["first_issued_on"], later(p["reserved_on"], 12))]
            amount = sum(issued(p, later(p["reserved_on"], 12)) for p in rows)
            out.at(
                "bond_pipeline_conversion",
                quarter,
                cut,
                issued_share=ratio(len(in_time), len(rows)),
                issued_amount_share=ratio(amount, total(rows, "planned_amount")),
            )


def abs_issuance(out: Figures, quarter: date, issued: list[Row]) -> None:
    pools = [b for b in issued if b["asset_kind"] is not None and b["issuer_type"] in ("tech_firm", "micro_lender")]

    def firms(rows: list[Row]) -> int:
        ip = sum(row["pool_firms"] for row in rows if row["asset_kind"] == "ip")
        return ip + len({(row["asset_kind"], row["enterprise_id"]) for row in rows if row["asset_kind"] != "ip"})

    for cut, rows in [(TOTAL, pools), *cuts(pools, "asset_kind", "asset_kind")]:
        out.at(
            "tech_abs_issuance",
            quarter,
            cut,
            issued=total(rows) / YI,
            securities=len(rows),
            firms=firms(rows),
            pool_firms=sum(row["pool_firms"] for row in rows),
        )
