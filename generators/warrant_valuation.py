"""Valuations of warrants: of the firm, and of the right to buy its equity at the strike."""

import numpy as np

from sfbench.kit import Column, Table, codes, day_number

TABLE = Table(
    zh="认股权估值",
    en="Valuations of warrants",
    key=("warrant_id", "valued_on"),
    needs=("warrant",),
    grows="warrant",
    per_firm=0.0091,
    row_bytes=41,
    measures=(6, 8),
    event_on="valued_on",
    known_on="valued_on",
    rows_by="2027-12-31",
    columns=(
        Column("warrant_id", "key", "认股权编号", "Warrant", references="warrant.warrant_id"),
        Column("valued_on", "date", "估值日期", "Valued on", low_on="2016-01-01", high_on="2027-12-31"),
        Column(
            "method",
            "code",
            "估值方法",
            "Method",
            values=codes("comparable 可比公司法 Comparable firms", "model 期权定价模型 Option model"),
        ),
        Column("company_value", "money", "企业估值", "Value of the firm", unit="CNY", low=0, privacy="sensitive"),
        Column("warrant_value", "money", "认股权价值", "Value of the warrant", unit="CNY", low=0, privacy="sensitive"),
    ),
)

DAY_END = day_number("2028-01-01")
COMPARABLE, MODEL = 0, 1
AT_THE_MONEY = 0.4  # value of an option at the money over sigma x square root of time x price (Brenner-Subrahmanyam)


def rows(block, needs, params, draw):
    """One row a warrant and date: intrinsic value, and by the model also the value of the time that is left."""
    warrant = needs["warrant"]
    at, place = np.nonzero(warrant["_valued_on"] < DAY_END)
    number, day = warrant["warrant_id"][at], warrant["_valued_on"][at, place]
    value, strike = warrant["_values"][at, place], warrant["strike_value"][at]
    left = np.maximum(warrant["window_ends_on"][at] - day, 0) / 365.25
    model = draw.chance("model", number, params["warrant.model"], place)
    time_value = AT_THE_MONEY * params["warrant.volatility"] * np.sqrt(left) * np.minimum(value, strike)
    worth = np.maximum(value - strike, 0) + model * time_value
    return {
        "warrant_id": number,
        "valued_on": day.astype(np.int32),
        "method": np.where(model, MODEL, COMPARABLE),
        "company_value": value,
        "warrant_value": (worth * (warrant["size"][at] / 1e7)).astype(np.int64),
    }
