"""Warrants that come with loans of unlisted tech firms: holder, strike, size, window, and how they end."""

import numpy as np

from sfbench.kit import (
    Column,
    Table,
    add_months,
    codes,
    day_number,
    month_of,
    month_start,
    nullable,
    quantiles,
    round_significant,
    vocabulary,
    vocabulary_numbers,
)

TABLE = Table(
    zh="认股权",
    en="Warrants",
    key=("warrant_id",),
    needs=("firm_state", "firm_month", "listing_path", "note"),
    grows="loan",
    per_firm=0.0032,
    row_bytes=216,
    measures=(6, 8),
    event_on="registered_on",
    known_on="registered_on",
    rows_by="2027-12-31",
    columns=(
        Column("warrant_id", "key", "认股权编号", "Warrant"),
        Column("loan_id", "key", "借据编号", "Loan that it came with", references="loan.loan_id"),
        Column("enterprise_id", "key", "企业编号", "Firm whose equity it is on", references="enterprise.enterprise_id"),
        Column("holder_id", "key", "持有机构", "Holder", references="institution.institution_id"),
        Column(
            "venue",
            "code",
            "登记场所",
            "Where it is registered",
            values=codes(
                "equity_exchange 区域性股权市场 Regional equity exchange", "bilateral 协议登记 By agreement only"
            ),
        ),
        Column("registered_on", "date", "登记日期", "Registered on", low_on="2016-01-01", high_on="2027-12-31"),
        Column("size", "rate", "认股比例", "Share of the equity", unit="%", low=0.1, high=20),
        Column("strike_value", "money", "行权估值", "Value of the firm at the strike", unit="CNY", low=0),
        Column(
            "window_ends_on",
            "date",
            "行权期届满日",
            "Exercise possible until",
            low_on="2018-01-01",
            high_on="2036-12-31",
        ),
        Column(
            "outcome",
            "code",
            "结果",
            "How it ended; empty while it runs",
            values=codes("exercised 行权 Exercised", "lapsed 到期失效 Lapsed", "terminated 提前终止 Terminated"),
            nullable=True,
            known_on="ended_on",
        ),
        Column("ended_on", "date", "终结日期", "Ended on", nullable=True, known_on="ended_on", high_on="2027-12-31"),
        Column(
            "value_at_end",
            "money",
            "行权时企业估值",
            "Value of the firm at exercise",
            unit="CNY",
            nullable=True,
            low=0,
            known_on="ended_on",
        ),
        Column(
            "gain",
            "money",
            "行权收益",
            "Gain at exercise",
            unit="CNY",
            nullable=True,
            low=0,
            known_on="ended_on",
            privacy="sensitive",
        ),
    ),
)

FIRST_PATH_YEAR = 2015
NO_DAY = 1 << 30
DAY_END = day_number("2028-01-01")
EXCHANGE_OPENS = day_number("2023-07-01")  # prior
PREFIX = 500  # of these firms one always has a warrant, so that no scale is without one
WARRANT_LOAN = vocabulary("product", "code").index("warrant")
KINDS = ("fund_manager", "aic", "wealth_manager")
HOLDERS = tuple(i + 1 for i, kind in enumerate(vocabulary("institution", "kind")) if kind in KINDS)
EXERCISED, LAPSED, TERMINATED = range(3)
LONGEST_WAY = 20  # days from the grant to the register
VALUATIONS = 6  # at registration and after each of five years
LEAST_VALUE = 2_000_000_000  # cents: no round is made at less


def rows(block, needs, params, draw):
    """One row a warrant, ordered by loan. Handed on: when and at what the firm was valued."""
    note, path = needs["note"], needs["listing_path"]
    at = _with_warrant(block, needs, params, draw)
    number, row = note["attempt"][at], note["row"][at]
    registered_on = note["granted_on"][at].astype(np.int64) + draw.below("registered", number, LONGEST_WAY)
    in_time = registered_on < DAY_END
    at, number, row, registered_on = at[in_time], number[in_time], row[in_time], registered_on[in_time]
    window = draw.between(
        "window", number, int(12 * params["warrant.window_min"]), int(12 * params["warrant.window_max"])
    )
    window_ends_on = add_months(registered_on, window).astype(np.int64)
    strike = _company_value(row, registered_on, needs, params, draw) * (0.95 + 0.15 * draw.uniform("strike", number))
    strike = round_significant(strike.astype(np.int64), 3, draw.uniform("strike_round", number))
    low, high = params["warrant.size_min"], params["warrant.size_max"]
    size = np.floor((low + (high - low) * draw.uniform("size", number)) * 10 + 0.5).astype(np.int64) * 10_000
    # The firm files for a listing, falls in default or leaves: a warrant must be settled before.
    filed = path["filed"][row]
    must_end = (
        month_start(np.minimum(np.minimum(filed, _trouble(needs, row, month_of(registered_on))), FAR)).astype(np.int64)
        - 1
    )
    chosen = (
        registered_on + 365 + ((window_ends_on - registered_on - 365) * draw.uniform("choice", number)).astype(np.int64)
    )
    chosen = np.where(filed < FAR, np.minimum(chosen, must_end), chosen)
    value = _company_value(row, np.minimum(chosen, DAY_END - 1), needs, params, draw).astype(np.int64)
    worth = value > strike * (1.0 + params["warrant.hurdle"])
    exercised = worth & draw.chance("exercise", number, params["warrant.exercise"]) & (chosen <= must_end)
    stopped = ~exercised & (must_end < window_ends_on)
    ended_on = np.where(exercised, chosen, np.where(stopped, must_end, window_ends_on))
    ended = ended_on < DAY_END
    used = ended & exercised
    gain = (value - strike) // 1000 * size // 10_000  # size is in 1e-5 percent
    at_exchange = (registered_on >= EXCHANGE_OPENS) & draw.chance("venue", number, params["warrant.at_exchange"])
    return {
        "warrant_id": number,
        "loan_id": number,
        "enterprise_id": needs["firm_state"]["firm"][row],
        "holder_id": _holder(number, registered_on, draw),
        "venue": np.where(at_exchange, 0, 1),
        "registered_on": registered_on.astype(np.int32),
        "size": size,
        "strike_value": strike,
        "window_ends_on": window_ends_on.astype(np.int32),
        "outcome": nullable(np.where(exercised, EXERCISED, np.where(stopped, TERMINATED, LAPSED)), ended),
        "ended_on": nullable(np.where(ended, ended_on, 0).astype(np.int32), ended),
        "value_at_end": nullable(np.where(used, value, 0), used),
        "gain": nullable(np.where(used, gain, 0), used),
        **_valued(row, registered_on, np.minimum(ended_on, DAY_END), needs, params, draw),
    }


def _holder(number, registered_on, draw):
    """A fund manager, asset-investment company or wealth manager; the first manager for one founded only later."""
    holder = np.array(HOLDERS)[draw.below("holder", number, len(HOLDERS))]
    founded = np.array(vocabulary("institution", "founded_on"), "datetime64[D]").astype(np.int64)
    return np.where(founded[holder - 1] <= registered_on, holder, HOLDERS[0])


def _valued(row, registered_on, until, needs, params, draw):
    """Days on which the firm is valued, at registration and each year after it while the warrant runs, and values."""
    day = add_months(registered_on[:, None], 12 * np.arange(VALUATIONS)[None, :]).astype(np.int64)
    day = np.where((day < until[:, None]) | (np.arange(VALUATIONS) == 0)[None, :], day, NO_DAY)
    value = _company_value(row[:, None], np.minimum(day, DAY_END - 1), needs, params, draw)
    return {"_valued_on": day, "_values": value.astype(np.int64)}


def _company_value(row, day, needs, params, draw):
    """Value of the firms in cents at days: revenue over the last twelve months x the firm's multiple, with noise."""
    firm, revenue, month = (
        needs["firm_state"]["firm"][row],
        needs["firm_month"]["revenue"],
        month_of(day).astype(np.int64),
    )
    year, part = month // 12 - FIRST_PATH_YEAR, month % 12 / 12
    trailing = revenue[row, year] * part + revenue[row, np.maximum(year - 1, 0)] * (1.0 - part)
    multiple = params["warrant.revenue_multiple"] * draw.quantile("multiple", firm, quantiles("lognormal_0.5"))
    noise = 0.85 + 0.3 * draw.uniform("market", firm, month)
    return np.maximum(trailing * multiple * noise * 100, LEAST_VALUE)


FAR = 2100 * 12


def _trouble(needs, row, month):
    """Month of the firm's next default after a month or, before that, of its exit."""
    default, leaves = (needs["firm_month"][name][row] for name in ("default_month", "exit_month"))
    return np.where(default > month, np.minimum(default, leaves), leaves)


def _with_warrant(block, needs, params, draw):
    """Places in `note` of the notes that come with a warrant: the firm is in no pipeline and on no board."""
    note, path = needs["note"], needs["listing_path"]
    innovation = (vocabulary_numbers("product", "innovation") == 1) & (vocabulary_numbers("product", "tech_only") == 1)
    own = note["product"] == WARRANT_LOAN
    first = (block.index == 0) & (note["row"] < PREFIX)
    at = np.flatnonzero(innovation[note["product"]] | first)
    granted = month_of(note["granted_on"][at])
    unlisted = np.minimum(path["filed"][note["row"][at]], path["listed"][note["row"][at]]) > granted + 2
    unlisted &= _trouble(needs, note["row"][at], granted) > granted + 2
    at = at[unlisted]
    p = np.where(own[at], 1.0, params["warrant.with_loan"] * innovation[note["product"][at]])
    u = draw.uniform("with_loan", note["attempt"][at])
    chosen = u < p
    in_time = note["granted_on"][at] + LONGEST_WAY <= DAY_END
    near = np.where(first[at] & in_time, u / np.maximum(p, 1e-6), np.inf)
    if np.isfinite(near).any():
        chosen[int(np.argmin(near))] = True
    return at[chosen]
