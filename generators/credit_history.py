"""Every request for credit of the block's firms and what became of it: the one history behind five tables. Unpublished.

A firm that seeks credit wants a number of parallel notes (slots). Each slot is a chain: apply, be decided on, draw,
repay, apply again. The chains of all firms advance together, one request at a time, so no loop runs over rows.
"""

from functools import cache

import numpy as np

from sfbench.kit import (
    Choice,
    ChoiceByRow,
    Table,
    add_months,
    calibration_names,
    calibration_numbers,
    day_in_month,
    day_number,
    month_of,
    quantiles,
    round_significant,
    vocabulary,
    vocabulary_numbers,
)

TABLE = Table(
    zh="信贷历史",
    en="Credit history",
    published=False,
    key=("attempt",),
    columns=(),
    needs=(
        *("firm_state", "firm_month", "firm_demand", "tag_month"),
        *("equity_round", "chain_link", "project", "carbon_account"),
    ),
    grows="firm_state",
)

FIRST_MONTH, MONTHS = 2016 * 12, 144
END = FIRST_MONTH + MONTHS
FIRST_YEAR, YEARS = 2015, 13
NEVER = 1 << 40
NO_DAY = 1 << 30  # a date that never comes; day numbers are int64 here
MOST_SLOTS, MOST_REQUESTS = 255, 127  # a request's number is firm | 8 bits of slot | 7 bits of ordinal
CURED, WRITTEN_OFF, TRANSFERRED = range(3)
APPROVED, REFUSED, WITHDRAWN = range(3)
TECH, OUT, USE, OTHER = range(4)
SIZES = ("large", "medium", "small", "micro")


def rows(block, needs, params, draw):
    """One entry a request, by firm, slot and ordinal; the note's columns hold only where `granted_on` < NO_DAY."""
    world = {**needs["firm_state"], **needs["firm_month"], "held": needs["tag_month"]["held"]}
    world |= {"relative_size": needs["firm_demand"]["size"], "wanted": needs["firm_demand"]["wanted"]}
    world |= {"recent_round": needs["equity_round"]["recent"]}
    world |= {name: needs["chain_link"][f"_{name}"] for name in ("supplier_from", "supplier_to")}
    world |= {"renewing": needs["project"]["_renewing"], "carbon_score": needs["carbon_account"]["_score_in"]}
    world |= _foreseen(world, draw)
    slots = _go_on(_slots(world, params, draw), world)
    parts = []
    for ordinal in range(MOST_REQUESTS + 1):
        if ordinal and not slots["month"].size:  # a block whose firms never ask has its columns all the same
            break
        request, slots = _request(slots, ordinal, world, params, draw)
        parts.append(request)
    attempt, made = (np.concatenate([part[name] for part in parts]) for name in ("attempt", "made"))
    made = np.flatnonzero(made)
    order = made[np.argsort(attempt[made], kind="stable")]
    # A column at a time, so that what was joined is still in the cache when it is put in order.
    columns = {name: np.concatenate([part[name] for part in parts]).take(order) for name in parts[0] if name != "made"}
    columns["first_loan"], columns["first_credit_on"] = _first_loans(columns, world, params, draw)
    return columns


def _foreseen(world, draw):
    """What each firm's requests have in common, by firm: worked out once, not in every round."""
    lost = (world["default_month"] < NEVER) & (world["outcome"] != CURED)
    resolved = np.minimum(world["resolved_month"], END + 700)
    return {
        # Month in which the firm leaves the register, NEVER if a loss drives it out: no lender foresees that.
        "exit_seen": np.where(lost, NEVER, world["exit_month"]),
        # No new credit from just before a default until it is cured; never again after a loss.
        "closed_from": world["default_month"] - 3,
        "closed_until": np.where(world["outcome"] == CURED, world["resolved_month"] + 1, NEVER),
        "resolved_on": day_in_month(resolved, draw.uniform("resolved_day", world["firm"])).astype(np.int64),
        "main_bank": draw.uniform("main_bank", world["firm"]),
        "tech": world["kind"] <= OUT,
        "approve": calibration_numbers("firm_class", "approve").take(world["class"]),
    }


def _at(matrix, cell):
    """The cells of a matrix by row * columns + column: one flat look-up, which is faster than two indices."""
    return matrix.reshape(-1).take(cell)


def _slots(world, params, draw):
    """The chains: firm row, slot number, its share of the firm's demand, the month of its first request."""
    row = np.flatnonzero(world["seeks"])
    firm, cls = world["firm"][row], world["class"][row]
    usual = calibration_numbers("firm_class", "slots")[cls]
    wanted = usual * (0.5 + 0.5 * np.minimum(world["relative_size"][row], 5.0))
    count = np.clip((wanted + draw.uniform("slots", firm)).astype(np.int64), 1, MOST_SLOTS)
    founded, wait = world["founded_month"][row], calibration_numbers("firm_class", "onset")[cls].astype(np.int64)
    old = founded <= FIRST_MONTH - 24
    onset = np.where(old, FIRST_MONTH, founded + draw.between("onset", firm, 3, wait))
    of = np.repeat(np.arange(len(row)), count)
    number = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
    slot_firm = firm[of]
    weight = 0.5 + draw.uniform("slot_weight", slot_firm, number)
    total = np.add.reduceat(weight, np.cumsum(count) - count) if len(of) else weight
    # Chains that were running before the horizon are met at a random point of their round; new firms start with one.
    stagger = draw.uniform("stagger", slot_firm, number)
    delay = np.where(old[of], stagger * 18, np.where(number == 0, 0, stagger * 30)).astype(np.int64)
    return {
        "row": row[of],
        "slot": number,
        "share": weight / total[of],
        "month": _next_in_season(np.maximum(onset[of], FIRST_MONTH) + delay, stagger),
    }


def _request(slots, ordinal, world, params, draw):
    """One request of every running chain; returns its columns and the chains that go on."""
    row, month = slots["row"], slots["month"]
    number = (world["firm"].take(row) << 15) | (slots["slot"] << 7) | ordinal
    one = {"attempt": number, "row": row}
    cell = row * MONTHS + (month - FIRST_MONTH)  # of the matrices by firm and month
    one |= _terms(one, slots, cell, world, params, draw)
    # Nobody lends past a firm's known end.
    one["made"] = keep = month + 1 + one["tenor"] < world["exit_seen"].take(row)
    one |= _decision(one, month, cell, world, params, draw)
    one |= _fate(one, world, params, draw)
    ended = month_of(np.minimum(one["end_on"], 40000))
    granted = one["decision"] == APPROVED
    after = ended.astype(np.int64)
    again = np.flatnonzero(~granted)
    after[again] = month[again] + draw.between("retry", number[again], 3, 9)
    lost = ~keep | granted & one["impaired"] & (one["outcome"] != CURED)
    following = np.where(lost, NEVER, _next_in_season(after, draw.uniform("gap", one["attempt"])))
    return one, _go_on(slots | {"month": following}, world)


def _go_on(slots, world):
    """The chains with another request: those of firms in default wait until it is cured; those of lost firms end."""
    row, month = slots["row"], slots["month"]
    until = world["closed_until"].take(row)
    month = np.where((month >= world["closed_from"].take(row)) & (month < until), until, month)
    on = np.flatnonzero(month < END)
    return {name: column.take(on) for name, column in (slots | {"month": month}).items()}


def _terms(one, slots, cell, world, params, draw):
    """Who asks which bank for what: month, product, tenor, amount, repayment, channel."""
    attempt, row, month = one["attempt"], one["row"], slots["month"]
    held = _at(world["held"], cell)
    tagged = (held & 1).astype(bool)
    size = _at(world["size"], row * YEARS + (month // 12 - FIRST_YEAR)).astype(np.int64)
    tech = world["tech"].take(row)
    noise = draw.quantile("amount_noise", attempt, quantiles("lognormal_0.5"))
    wanted = np.minimum(_at(world["wanted"], cell) * slots["share"] * noise * 100, 5e12).astype(np.int64)
    amount = round_significant(np.maximum(wanted, 5_000_000), 2, draw.uniform("amount_round", attempt))
    applied_on = day_in_month(month, draw.uniform("applied_day", attempt)).astype(np.int64)
    age = (month + 3 - world["founded_month"].take(row)) // 12  # at the latest day of the drawdown
    rule = _rules()
    product = _products().at(size + 4 * (tech & tagged), draw.uniform("product", attempt))
    young = np.flatnonzero(tech & ~tagged & (size >= 2) & (age < rule["max_age"][START_UP]))
    known = np.where(month[young] < START_UP_ROLL_OUT, params["product.startup_pilot"], 1.0)
    start_up = draw.chance("start_up", attempt[young], params["product.startup_take_up"] * known)
    product[young[start_up]] = START_UP
    product = _of_links(product, attempt, cell, row, month, size, world, params, draw)
    tenor = _tenors().at(product, draw.uniform("tenor", attempt))
    tenor = calibration_numbers("tenor", "tenor").astype(np.int64).take(tenor)
    later = [np.minimum(cell + k, row * MONTHS + (MONTHS - 1)) for k in (1, 2)]
    until_drawn = held & _at(world["held"], later[0]) & _at(world["held"], later[1])
    fits = _obeys_rules(product, amount, tenor, applied_on, age, (until_drawn & 1).astype(bool), tagged)
    rated = np.minimum(*(_at(world["carbon_score"], at) for at in later)) > 0  # in all months until it is drawn
    fits &= (product != CARBON) | rated
    generic = np.where((tenor > 36) & (amount >= 300_000_000), FIXED_ASSET, WORKING_CAPITAL)
    product = np.where(fits, product, generic)
    tenor = np.clip(tenor, rule["min_tenor"].take(product), rule["max_tenor"].take(product))
    amount = np.clip(amount, rule["min_amount"].take(product), rule["max_amount"].take(product))
    kind = rule["repayment"].take(product)
    period = np.where(kind == QUARTERLY, 3, np.where(kind == MONTHLY, 1, tenor))
    bank = _bank(attempt, world["main_bank"].take(row), size, tech, draw, params)
    group = (size < 2) + 2 * tagged
    return {
        "bank": bank,
        "product": product,
        "tenor": tenor,
        "period": np.where(tenor % period == 0, period, 1),
        "amount": amount,
        "size": size,
        "tagged": tagged,
        "applied_on": applied_on,
        "channel": _channels().at(group, draw.uniform("channel", attempt)),
    }


@cache
def _channels():
    """Channel by group of borrower: small, larger, small and tagged, larger and tagged."""
    names = [name for name in calibration_names("request_mix") if name.startswith("channel.")]
    return ChoiceByRow.of(np.stack([calibration_numbers("request_mix", name) for name in names], axis=1))


def _bank(attempt, main_bank, size, tech, draw, params):
    """Position among the banks: the firm's main bank or another, by market share in its size and tilt to tech."""
    stays = draw.chance("goes_to_main_bank", attempt, params["credit.main_bank"])
    return _bank_shares().at(size + 4 * tech, np.where(stays, main_bank, draw.uniform("bank", attempt)))


@cache
def _bank_shares():
    banks = np.array([kind == "bank" for kind in vocabulary("institution", "kind")])
    weight = np.stack([vocabulary_numbers("institution", f"weight_{size}")[banks] for size in SIZES])
    tilt = vocabulary_numbers("institution", "tech_tilt")[banks]
    return ChoiceByRow.of(np.concatenate([weight, weight * tilt]))


WORKING_CAPITAL, FIXED_ASSET, RENEWAL, SUPPLY_CHAIN, START_UP, CARBON = 0, 5, 9, 15, 21, 28  # positions of products
START_UP_ROLL_OUT = 2024 * 12 + 6
REPAYMENTS = ("bullet", "quarterly", "monthly", "interest_only")
QUARTERLY, MONTHLY = 1, 2


@cache
def _rules():
    """The product vocabulary as arrays by product position; amounts in cents, dates in days."""

    def whole(name, factor=1):
        return (vocabulary_numbers("product", name) * factor).astype(np.int64)

    def days(name):
        return np.array([day_number(d) if d else NO_DAY for d in vocabulary("product", name)])

    age = vocabulary_numbers("product", "max_firm_age_years")
    unlisted = np.array([tag == "unlisted" for tag in vocabulary("product", "requires_tag")])
    return {
        **{name: whole(name, 100) for name in ("min_amount", "max_amount")},
        **{name: whole(name) for name in ("min_tenor", "max_tenor")},
        **{name: days(name) for name in ("launched_on", "ended_on")},
        "for_tagged": (whole("tech_only") == 1) & ~unlisted,
        "unlisted": unlisted,
        "max_age": np.where(np.isnan(age), 1000, age),
        "repayment": np.array([REPAYMENTS.index(kind) for kind in vocabulary("product", "repayment")]),
    }


def _obeys_rules(product, amount, tenor, on, age, tagged_until_drawn, tagged):
    rule = {name: column.take(product) for name, column in _rules().items()}
    fits = (amount >= rule["min_amount"]) & (amount <= rule["max_amount"])
    fits &= (tenor >= rule["min_tenor"]) & (tenor <= rule["max_tenor"])
    # A month of room: the note is granted some weeks after the request.
    fits &= (on >= rule["launched_on"]) & (on + 90 < rule["ended_on"])
    fits &= age < rule["max_age"]
    return fits & np.where(rule["unlisted"], ~tagged, tagged_until_drawn | ~rule["for_tagged"])


def _of_links(product, attempt, cell, row, month, size, world, params, draw):
    """Products that come from a link: a leader's supplier often borrows on what the leader has confirmed that it owes
    it, a firm that renews equipment for that, and a firm with a carbon account at a rate that follows its score."""
    supplies = (month >= world["supplier_from"].take(row)) & (month < world["supplier_to"].take(row)) & (size >= 1)
    renews, rated = _at(world["renewing"], cell), _at(world["carbon_score"], cell) > 0
    links = (
        ("chain_finance", supplies, SUPPLY_CHAIN),
        ("carbon_finance", rated, CARBON),
        ("renewal_finance", renews, RENEWAL),
    )
    for link, has, asked in links:
        some = np.flatnonzero(has)
        chance = params.at(f"credit.{link}", world["firm"][row[some]], month[some])
        product[some[draw.chance(link, attempt[some], chance)]] = asked
    return product


@cache
def _products():
    """Position in the product vocabulary by size; the rules cut afterwards. Those drawn apart are left out."""
    apart = ("bill_advance", "startup", "decarbonisation")
    asked = ~np.isin(vocabulary("product", "code"), apart)
    plain = np.stack([vocabulary_numbers("product", f"weight_{size}") * asked for size in SIZES])
    return ChoiceByRow.of(np.concatenate([plain * ~_rules()["for_tagged"], plain]))


@cache
def _tenors():
    tenor, weight = calibration_numbers("tenor", "tenor")[None, :], calibration_numbers("tenor", "weight")[None, :]
    rule = _rules()
    inside = (tenor >= rule["min_tenor"][:, None]) & (tenor <= rule["max_tenor"][:, None])
    nothing = ~inside.any(axis=1, keepdims=True)
    return ChoiceByRow.of(np.where(nothing, tenor == 12, inside) * weight)


def _decision(one, month, cell, world, params, draw):
    """Approved or not, when, and why not: keyed uniform < p(firm, month, params)."""
    attempt, row = one["attempt"], one["row"]
    firm = world["firm"].take(row)
    p = world["approve"].take(row)
    p += params.at("credit.approval_lift", firm, month)
    p += params.at("credit.tag_lift", firm, month) * one["tagged"]
    p += params.at("credit.quality_lift", firm, month) * world["quality"].take(row)
    p += params.at("credit.equity_lift", firm, month) * _at(world["recent_round"], cell)
    p -= params.at("credit.distress_penalty", firm, month) * _at(world["distress"], cell)
    approved = draw.uniform("decision", attempt) < np.clip(p, 0.02, 0.98)
    withdrawn = draw.chance("withdrawn", attempt, params["credit.withdrawn"])
    decision = np.where(withdrawn, WITHDRAWN, np.where(approved, APPROVED, REFUSED))
    online, green = one["channel"] == 1, one["channel"] == 4
    slowest = np.where(online, 2, np.where(green, 10, 28))
    diligence = one["applied_on"] + draw.between("diligence", attempt, 0, slowest // 2)
    decided_on = diligence + 1 + draw.between("decide", attempt, 0, slowest // 2)
    granted_on = decided_on + draw.between("draw_lag", attempt, 1, 20)
    lent = (decision == APPROVED) & (granted_on < _HORIZON)
    return {
        "decision": decision,
        "due_diligence_on": diligence,
        "decided_on": decided_on,
        "granted_on": np.where(lent, granted_on, NO_DAY),
    }


_HORIZON = day_number("2028-01-01")


def _fate(one, world, params, draw):
    """Due, extension, default, end: the days on which the note's life turns."""
    attempt, row = one["attempt"], one["row"]
    granted = np.minimum(one["granted_on"], _HORIZON)
    due_on = add_months(granted, one["tenor"]).astype(np.int64)
    firm, due_month = world["firm"].take(row), month_of(due_on)
    overdue_on = np.full(len(row), NO_DAY)
    bad = np.flatnonzero(world["default_month"].take(row) < NEVER)
    # All notes of a firm at one bank fall overdue on one day, so their grades never drift apart (the 10 % rule).
    lag = draw.below("overdue_lag", firm[bad] * 64 + one["bank"][bad], 3)
    overdue_on[bad] = day_in_month(world["default_month"][row[bad]] + lag, np.full(len(bad), 0.67))
    at_due = np.clip(due_month - FIRST_MONTH, 0, MONTHS - 1)
    troubled = _at(world["distress"], row * MONTHS + at_due) & (due_month < END)
    p = np.where(troubled, params.at("risk.extension", firm, due_month), params["risk.extension_sound"])
    room = due_month + 13 < np.minimum(world["exit_seen"].take(row), END + 400)
    extended = draw.chance("extension", attempt, p) & (overdue_on > due_on) & room & (one["tenor"] >= 6)
    final_due = due_on.copy()
    longer = np.flatnonzero(extended)
    by = EXTENSIONS[EXTENSION.at(draw.uniform("extension_length", attempt[longer]))]
    final_due[longer] = add_months(due_on[longer], by)
    impaired = overdue_on <= final_due
    resolved_on = world["resolved_on"].take(row)
    rolled, later = _rolled_over(one, impaired & (overdue_on > granted), overdue_on, final_due, world, params, draw)
    overdue_on[rolled] = later
    again = rolled[final_due[rolled] < later]
    extended[again] = True
    final_due[again] = add_months(final_due[again], ROLL_MONTHS)
    outcome = world["outcome"].take(row)
    end_on = np.where(impaired & ((outcome != CURED) | (final_due <= resolved_on)), resolved_on, final_due)
    return {
        "due_on": due_on,
        "extended": extended,
        "restructured": extended & troubled,
        "final_due": final_due,
        "impaired": impaired,
        "overdue_on": np.where(impaired, overdue_on, NO_DAY),
        "resolved_on": np.where(impaired, resolved_on, NO_DAY),
        "outcome": outcome,
        "end_on": end_on,
    }


def _rolled_over(one, bad, overdue_on, final_due, world, params, draw):
    """Of the notes in default (flags), those that evergreening hides, and the day on which their arrears show.

    A bank rolls over all that it has lent a firm to be repaid at once: no money moves, and the arrears show a year
    later, or in time to be graded before the default is resolved. Instalments cannot be hidden.
    """
    at = np.flatnonzero(bad & (one["period"] == one["tenor"]))
    row, since = one["row"][at], overdue_on[at]
    firm = world["firm"].take(row)
    p = params.at("risk.evergreening", firm, month_of(since))
    hit = draw.chance("evergreening", firm * 64 + one["bank"][at], p)
    shown = np.minimum(add_months(since, ROLL_MONTHS), world["resolved_on"].take(row) - GRADED_AFTER)
    stays = month_of(final_due[at]) + ROLL_MONTHS + 1 < world["exit_seen"].take(row)
    hit &= (shown > since) & stays
    return at[hit], shown[hit]


ROLL_MONTHS = 12  # that a roll-over adds (prior)
GRADED_AFTER = 120  # days in arrears after which a note is bad at a month end (prior)
EXTENSIONS, EXTENSION = np.array([3, 6, 12]), Choice.of([0.3, 0.5, 0.2])  # months, and their weights (prior)


def _next_in_season(month, u):
    """The month of the next request: in the month given or one of the five after it, where season draws it."""
    return month + _season().at(month % 12, u)


@cache
def _season():
    weight = calibration_numbers("season", "weight")
    fade = np.array([1.0, 0.8, 0.5, 0.3, 0.15, 0.1])
    # The request comes a month before the money, and it is the money that has seasons.
    drawn = weight[(np.arange(12)[:, None] + np.arange(6)[None, :] + 1) % 12]
    return ChoiceByRow.of(drawn * drawn * fade)


def _first_loans(columns, world, params, draw):
    """First-loan flag by request, and by firm the day of its first credit anywhere (NO_DAY if none)."""
    firm, founded = world["firm"], world["founded_on"].astype(np.int64)
    before = draw.chance("credit_before_2016", firm, params["credit.first_before_2016"]) & world["seeks"]
    start = day_number("2016-01-01")
    before &= founded < start - 730
    span = np.maximum(start - 365 - founded, 1)
    earlier = founded + 180 + (draw.uniform("first_credit", firm) * span).astype(np.int64)
    first = np.full(len(firm), NO_DAY)
    lent = columns["granted_on"] < NO_DAY
    np.minimum.at(first, columns["row"][lent], columns["granted_on"][lent])
    # Two first drawdowns on one day: the first contract is the one that lasts longest, then of the lowest number.
    candidate = lent & (columns["granted_on"] == first[columns["row"]]) & ~before[columns["row"]]
    longest = np.full(len(firm), -1)
    np.maximum.at(longest, columns["row"][candidate], columns["end_on"][candidate])
    candidate &= columns["end_on"] == longest[columns["row"]]
    winner = np.full(len(firm), NEVER)
    np.minimum.at(winner, columns["row"][candidate], columns["attempt"][candidate])
    return candidate & (columns["attempt"] == winner[columns["row"]]), np.where(before, earlier, first)
