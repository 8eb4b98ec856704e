"""Guarantee contracts on loan notes: who bears which share, the fee, and the claim after a default."""

from functools import cache

import numpy as np

from sfbench.kit import (
    Choice,
    Column,
    Table,
    ascii_texts,
    calibration,
    calibration_numbers,
    code_list,
    codes,
    day_number,
    fixed_width,
    month_of,
    nullable,
    vocabulary,
)


def _share(name: str, zh: str, en: str) -> Column:
    return Column(f"share_{name}", "rate", zh, en, unit="%", low=0, high=100)


TABLE = Table(
    zh="担保合同",
    en="Guarantee contracts on loans",
    key=("guarantee_id",),
    needs=("note", "loan", "tag_month", "bad_note"),
    grows="loan",
    per_firm=0.431,
    row_bytes=31,
    measures=(14,),
    event_on="started_on",
    known_on="started_on",
    rows_by="2021-12-31",
    columns=(
        Column("guarantee_id", "key", "担保合同编号", "Guarantee contract"),
        Column("contract_code", "text", "担保合同编码", "Contract code"),
        Column("loan_id", "key", "借据编号", "Loan note guaranteed", references="loan.loan_id"),
        Column("guarantor_id", "key", "担保机构", "Guarantor", references="institution.institution_id"),
        Column(
            "kind",
            "code",
            "担保类别",
            "Kind of guarantee",
            values=codes(
                "special_plan 科技创新专项担保计划 Special plan for tech innovation",
                "seed_plan 种子贷担保 Seed-loan guarantee",
                "batch 批量担保 Batch guarantee with the national fund",
                "city_reguarantee 市级再担保 Guarantee re-guaranteed by the city",
                "commercial 商业担保 Commercial guarantee",
            ),
        ),
        Column(
            "plan_class",
            "code",
            "专项计划分档",
            "Class of the special plan",
            values=codes(
                "A 专精特新及小巨人企业 Specialised SME or little giant",
                "B 高新技术企业及创新积分入选企业 HNTE or selected by innovation points",
                "C 科技型中小企业及创新型中小企业 Tech SME or innovative SME",
            ),
            nullable=True,
        ),
        Column("started_on", "date", "担保起始日", "In force from", low_on="2016-01-01", high_on="2027-12-31"),
        Column("ends_on", "date", "担保到期日", "Ends as agreed", low_on="2016-01-01", high_on="2057-12-31"),
        Column("principal", "money", "担保对应本金", "Principal covered", unit="CNY", low=0.01, privacy="sensitive"),
        Column(
            "guaranteed_amount",
            "money",
            "担保责任金额",
            "Principal covered less the bank's share",
            unit="CNY",
            low=0.01,
            privacy="sensitive",
        ),
        _share("national", "国家融资担保基金分险比例", "Share of the national fund"),
        _share("provincial", "省级再担保分险比例", "Share of the provincial tier (in Shenzhen the city re-guarantor)"),
        _share("city", "市担保基金分险比例", "Share of the city fund"),
        _share("guarantor", "担保机构分险比例", "Share of the guarantor"),
        _share("bank", "银行分险比例", "Share of the bank"),
        Column("fee_rate", "rate", "年化担保费率", "Fee a year on the guaranteed amount", unit="%", low=0, high=5),
        Column("fee", "money", "担保费", "Fee for the whole term", unit="CNY", low=0),
        Column(
            "reguarantee_fee_rate",
            "rate",
            "年化再担保费率",
            "Re-guarantee fee a year",
            unit="%",
            nullable=True,
            low=0,
            high=0.5,
        ),
        Column("counter_guarantee", "flag", "是否有反担保", "With a counter-guarantee"),
        Column("claimed_on", "date", "申请代偿日", "Claimed on", nullable=True, known_on="claimed_on"),
        Column(
            "claimed_amount",
            "money",
            "申请代偿金额",
            "Claimed",
            unit="CNY",
            nullable=True,
            low=0,
            known_on="claimed_on",
        ),
        Column("compensated_on", "date", "代偿日", "Compensated on", nullable=True, known_on="compensated_on"),
        Column(
            "compensated_amount",
            "money",
            "代偿金额",
            "Compensated",
            unit="CNY",
            nullable=True,
            low=0,
            known_on="compensated_on",
        ),
        Column("recovered_on", "date", "追偿到账日", "Recovered on", nullable=True, known_on="recovered_on"),
        Column(
            "recovered_amount",
            "money",
            "追偿金额",
            "Recovered from the borrower",
            unit="CNY",
            nullable=True,
            low=0,
            known_on="recovered_on",
        ),
        Column(
            "released_on",
            "date",
            "责任解除日",
            "Liability released: repaid or compensated",
            nullable=True,
            known_on="released_on",
        ),
    ),
)


SPECIAL, SEED, BATCH, CITY, COMMERCIAL = range(5)
FIRST_MONTH, MONTHS = 2016 * 12, 144
FIRST_TAG_BIT = 2
LAST_DAY = day_number("2027-12-31")
NO_DAY = 1 << 30
POINT = 100_000  # a percentage point
MILLION = 100_000_000  # cents
SMALL_LIABILITY = 5 * MILLION  # the lower re-guarantee fee reaches up to here
PLANS = (SPECIAL, SEED, BATCH)  # with the national fund


def rows(block, needs, params, draw):
    """One row a note that a guarantor covers, in whole or in part."""
    notes, loan = needs["note"], needs["loan"]
    at, mixed = _covered(notes, loan, params, draw)
    note = {name: notes[name].take(at) for name in _USED}
    number, amount = note["attempt"], loan["amount_rmb"].take(at)
    principal = np.where(mixed, (amount * params["guarantee.mixed_share"]).astype(np.int64), amount)
    plan_class = _plan_class(note, needs["tag_month"]["held"])
    kind = _kind(note, principal, plan_class, params, draw)
    share = _shares(kind, plan_class, number, params, draw)
    guaranteed = principal - principal * (share["share_bank"] // POINT) // 100
    terms = {name: calibration_numbers("guarantee_kind", name)[kind] for name in ("fee_low", "fee_high", "counter")}
    fee = terms["fee_low"] + (terms["fee_high"] - terms["fee_low"]) * draw.uniform("fee", number)
    fee_rate = (fee * 100).astype(np.int64) * (POINT // 100)
    passed_on = np.where(
        guaranteed <= SMALL_LIABILITY, params["guarantee.reguarantee_fee_small"], params["guarantee.reguarantee_fee"]
    )
    return {
        "guarantee_id": number,
        "contract_code": ascii_texts(fixed_width(number, 15, prefix="DB")),
        "loan_id": number,
        "guarantor_id": _guarantor(kind, number, draw),
        "kind": kind,
        "plan_class": nullable(np.maximum(plan_class, 0), kind == SPECIAL),
        "started_on": note["granted_on"],
        "ends_on": note["due_on"],
        "principal": principal,
        "guaranteed_amount": guaranteed,
        **share,
        "fee_rate": fee_rate,
        "fee": guaranteed * note["tenor"] * (fee_rate // 1000) // 120_000,
        "reguarantee_fee_rate": nullable((passed_on * POINT + 0.5).astype(np.int64), kind != COMMERCIAL),
        "counter_guarantee": draw.chance("counter", number, terms["counter"]),
        **_claims(at, note, kind, guaranteed, amount, needs["bad_note"], params, draw),
    }


_USED = ("attempt", "row", "product", "granted_on", "due_on", "end_on", "tenor", "size", "tagged")


def _covered(notes, loan, params, draw):
    """(positions of the notes with a guarantor, is it one security of several?).

    Guarantors serve SMEs up to a limit; larger joint guarantees are given by companies of the borrower's group.
    """
    kinds = [code.code for code in code_list("guarantee")]
    served = (notes["size"] >= 1) & (loan["amount_rmb"] <= params["guarantee.largest"] * MILLION)
    whole = served & (loan["guarantee"] == kinds.index("C01"))
    mixed = np.flatnonzero(served & (loan["guarantee"] == kinds.index("E")))
    joins = draw.chance("in_mixed", notes["attempt"][mixed], params["guarantee.in_mixed"])
    at = np.sort(np.concatenate((np.flatnonzero(whole), mixed[joins])))
    return at, ~whole[at]


def _plan_class(note, held):
    """Position of the firm's class in the special plan by the tags it holds at grant, -1 outside it."""
    month = month_of(note["granted_on"]) - FIRST_MONTH
    place = note["row"] * MONTHS + month
    held = held.reshape(-1)
    tags = held.take(place) & held.take(np.maximum(place - 1, note["row"] * MONTHS))
    names = [code.code for code in code_list("tag")]
    found = np.full(len(tags), -1)
    points = note["product"] == vocabulary("product", "code").index("innovation_points")
    for place in reversed(range(3)):
        wanted = sum(
            1 << (FIRST_TAG_BIT + names.index(t)) for t in calibration("guarantee_class", "tags")[place].split("|")
        )
        member = (tags & wanted) > 0
        if calibration("guarantee_class", "points")[place] == "1":
            member |= points & (found >= 0)
        found[member] = place
    return found


def _kind(note, principal, plan_class, params, draw):
    """What the note is guaranteed under; no firm's live contracts with the national fund pass its cap."""
    number, small = note["attempt"], note["size"] >= 2
    begun = note["granted_on"] >= _starts()[:, None]
    cap, batch_cap = (int(params[f"guarantee.{name}_cap"] * MILLION) for name in ("plan", "batch"))
    special = (plan_class >= 0) & begun[SPECIAL] & (note["size"] >= 1) & (principal <= cap)
    special &= draw.chance("special_plan", number, params["guarantee.special_plan"])
    batch = small & ~special & begun[BATCH] & (principal <= batch_cap)
    batch &= draw.chance("batch", number, params["guarantee.batch"])
    seed = note["product"] == vocabulary("product", "code").index("seed")
    city = (
        (note["size"] >= 1) & begun[CITY] & (principal <= cap) & draw.chance("city", number, params["guarantee.city"])
    )
    kind = np.where(city, CITY, COMMERCIAL)
    asks = np.flatnonzero((special | batch) & ~seed & ~np.isin(note["row"], note["row"][seed]))
    live = _live(note["row"][asks], note["granted_on"][asks], note["end_on"][asks], principal[asks])
    fits = asks[live <= np.where(special[asks], cap, batch_cap)]
    kind[fits] = np.where(special[fits], SPECIAL, BATCH)
    kind[seed] = SEED
    return kind


def _live(row, start, end, amount):
    """Cents asked for by the firm that run at each start, itself included: never less than what is granted."""
    n = len(row)
    day = np.concatenate((start, end + 1))
    begins = np.arange(2 * n) < n
    order = np.argsort((np.concatenate((row, row)) << 20) | (day << 1) | begins, kind="stable")
    # What begins ends, so the sum is back at zero where the next firm starts.
    total = np.cumsum(np.concatenate((amount, -amount))[order])
    live = np.empty(2 * n, np.int64)
    live[order] = total
    key = (row << 20) | start
    last = np.searchsorted(np.sort(key), key, side="right") - 1  # all that start on one day count for each of them
    return live[:n][np.argsort(key, kind="stable")][last]


def _shares(kind, plan_class, number, params, draw):
    """Shares by kind in 1e-5 percent, 100 % together."""
    national = calibration_numbers("guarantee_kind", "national")[kind]
    national = np.where(np.isnan(national), calibration_numbers("guarantee_class", "ceiling")[plan_class], national)
    bank = calibration_numbers("guarantee_kind", "bank")[kind]
    lower = (kind == SPECIAL) & draw.chance("lower_national", number, params["guarantee.lower_national"])
    national, bank = np.where(lower, national - 5, national), np.where(lower, bank + 5, bank)
    low, high = (calibration_numbers("guarantee_kind", f"city_{end}")[kind] for end in ("low", "high"))
    city = low + 10 * np.floor(draw.uniform("city_share", number) * (np.floor((high - low) / 10) + 1))
    provincial = calibration_numbers("guarantee_kind", "provincial")[kind]
    whole = {"national": national, "provincial": provincial, "city": city}
    whole |= {"guarantor": 100 - national - provincial - city - bank, "bank": bank}
    return {f"share_{name}": value.astype(np.int64) * POINT for name, value in whole.items()}


def _guarantor(kind, number, draw):
    """Institution of the guarantor: the government-financed ones write all that is re-guaranteed."""
    ids = calibration_numbers("guarantor", "institution_id").astype(np.int64)
    policy = calibration_numbers("guarantee_kind", "policy")[kind] == 1
    u = draw.uniform("guarantor", number)
    chosen = [_weights(name).at(u) for name in ("weight_policy", "weight_commercial")]
    return ids[np.where(policy, *chosen)]


@cache
def _weights(name):
    return Choice.of(calibration_numbers("guarantor", name))


def _claims(at, note, kind, guaranteed, amount, bad, params, draw):
    """Claim, compensation, recovery and release: only a note in default is claimed on."""
    claimed_on, paid_on, back_on = (np.full(len(at), NO_DAY) for _ in range(3))
    claimed, back = np.zeros(len(at), np.int64), np.zeros(len(at), np.int64)
    place = np.searchsorted(at, bad["note"])
    hit = np.flatnonzero(at.take(np.minimum(place, len(at) - 1)) == bad["note"]) if len(at) else np.empty(0, np.int64)
    number = note["attempt"][place[hit]]
    p = params.at("guarantee.claims", number >> 15, month_of(bad["overdue_on"][hit]))
    hit = hit[draw.chance("claim", number, p)]
    here, number = place[hit], note["attempt"][place[hit]]
    claimed_on[here] = bad["overdue_on"][hit] + draw.between("claim_lag", number, 30, 90)
    claimed[here] = (guaranteed[here] * np.minimum(bad["owed"][hit] / amount[here], 1.0)).astype(np.int64)
    days = calibration_numbers("guarantee_kind", "compensation_days")[kind[here]].astype(np.int64)
    paid = ~draw.chance("claim_refused", number, params["guarantee.claim_refused"])
    paid_on[here] = np.where(paid, claimed_on[here] + draw.between("compensation_lag", number, days // 3, days), NO_DAY)
    cured = bad["outcome"][hit] == 0
    part = np.minimum(2 * params["guarantee.recovered_lost"] * draw.uniform("recovery", number), 1.0)
    back[here] = (claimed[here] * np.where(cured, params["guarantee.recovered_cured"], part)).astype(np.int64)
    got = paid & (back[here] > 0)
    lag = np.where(cured, 0, draw.between("recovery_lag", number, 90, 540))
    back_on[here] = np.where(got, np.maximum(bad["resolved_on"][hit] + lag, paid_on[here] + 1), NO_DAY)
    released_on = np.minimum(note["end_on"], paid_on)
    seen = {"claimed": claimed_on <= LAST_DAY, "compensated": paid_on <= LAST_DAY, "recovered": back_on <= LAST_DAY}
    return {
        "claimed_on": nullable(claimed_on, seen["claimed"]),
        "claimed_amount": nullable(claimed, seen["claimed"]),
        "compensated_on": nullable(paid_on, seen["compensated"]),
        "compensated_amount": nullable(claimed, seen["compensated"]),
        "recovered_on": nullable(back_on, seen["recovered"]),
        "recovered_amount": nullable(back, seen["recovered"]),
        "released_on": nullable(released_on, released_on <= LAST_DAY),
    }


@cache
def _starts():
    """First day of each kind of guarantee."""
    return np.array(
        [day or "1970-01-01" for day in calibration("guarantee_kind", "starts_on")], "datetime64[D]"
    ).astype(np.int64)
