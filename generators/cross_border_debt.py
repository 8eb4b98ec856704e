"""External debt under the facilities by quarter: opening balance plus drawdowns less repayments, within the quota."""

import numpy as np

from sfbench.kit import Column, Table, code_list, dollar_parity, month_end

TABLE = Table(
    zh="跨境融资外债余额",
    en="External debt under facilities",
    key=("enterprise_id", "quarter"),
    needs=("firm_state", "firm_month", "cross_border_facility"),
    grows="cross_border_facility",
    per_firm=0.0038,
    row_bytes=171,
    measures=(10,),
    event_on="quarter",
    known_on="quarter",
    rows_by="2024-03-31",
    columns=(
        Column("enterprise_id", "key", "企业编号", "Enterprise", references="enterprise.enterprise_id"),
        Column("quarter", "date", "季末", "Quarter end", low_on="2022-03-31", high_on="2027-12-31"),
        Column(
            "facility_id",
            "key",
            "额度登记编号",
            "Facility in force",
            references="cross_border_facility.facility_id",
        ),
        Column("qualified", "flag", "是否持有资质", "Holds a qualification at the quarter's end: may draw"),
        Column("currency", "code", "币种", "Currency", values=code_list("debt_currency")),
        Column("opening", "money", "期初余额", "Balance at the quarter's begin", unit="currency", low=0),
        Column("drawn", "money", "本季提款", "Drawn in the quarter", unit="currency", low=0),
        Column("repaid", "money", "本季还款", "Repaid in the quarter", unit="currency", low=0),
        Column("balance", "money", "期末余额", "Balance at the quarter's end", unit="currency", low=0),
        Column(
            "balance_usd", "money", "期末余额折美元", "Balance at the quarter's end in US dollars", unit="USD", low=0
        ),
        Column("quota_usd", "money", "额度", "Quota in force", unit="USD", low=0.01),
    ),
)

FIRST_MONTH, MONTHS = 2016 * 12, 144
LAST = FIRST_MONTH + MONTHS - 1
FIRST_QUARTER = (2022 - 2016) * 4
SLOTS, LOANS = 2, 8  # external loans beside each other, and most of them one after another since 2020
TENORS = np.array([12, 24, 36])  # months: prior
HKD, CNY = 1, 2
ROUND = 1_000_000  # loans are of whole ten thousands


def rows(block, needs, params, draw):
    """One row a firm and quarter from its first registration on."""
    facility, state = needs["cross_border_facility"], needs["firm_state"]
    row, quota = facility["_firm_row"], facility["_quota"]
    firm, currency = state["firm"][row], facility["_currency"]
    gone = np.minimum(needs["firm_month"]["exit_month"][row], LAST + 600)
    drawn, repaid = _loans(firm, currency, gone, quota, facility["_open"], params, draw)
    balance = np.cumsum(drawn - repaid, axis=1)
    ends = np.arange(2, MONTHS, 3)
    seen = (quota[:, ends] > 0) & (FIRST_MONTH + ends < gone[:, None]) & (np.arange(len(ends)) >= FIRST_QUARTER)
    at, quarter = np.nonzero(seen)
    month = ends[quarter]
    opening, closing = balance[at, month - 3], balance[at, month]
    return {
        "enterprise_id": firm[at],
        "quarter": month_end(FIRST_MONTH + month),
        "facility_id": firm[at] * 4 + facility["_basis"][at, month],
        "qualified": facility["_open"][at, month],
        "currency": currency[at],
        "opening": opening,
        "drawn": drawn.reshape(len(row), MONTHS // 3, 3).sum(axis=2)[at, quarter],
        "repaid": repaid.reshape(len(row), MONTHS // 3, 3).sum(axis=2)[at, quarter],
        "balance": closing,
        "balance_usd": _in_dollars(closing, currency[at], month, params),
        "quota_usd": quota[at, month],
    }


def _loans(firm, currency, gone, quota, may_draw, params, draw):
    """(firms, months) cents drawn and repaid: loans beside each other, each of a part of the quota of its day."""
    drawn, repaid = np.zeros((2, len(firm), MONTHS), np.int64)
    slot, every = np.arange(SLOTS), np.arange(len(firm))
    part = params["facility.draw_part"] / SLOTS * (0.3 + 0.7 * draw.uniform("part", firm[:, None], slot))
    part[currency == CNY] *= params["facility.yuan_headroom"]
    month = draw.below("wait", firm[:, None], 12, slot)
    ready = may_draw & (quota > 0)
    month += np.where(ready.any(axis=1), ready.argmax(axis=1), MONTHS)[:, None]
    for loan in range(LOANS):
        for one in range(SLOTS):
            ok = ready & (np.arange(MONTHS) >= month[:, one][:, None])
            draws = ok.any(axis=1)
            begin = np.where(draws, ok.argmax(axis=1), MONTHS - 1)
            dollars = (quota[every, begin] * part[:, one]).astype(np.int64)
            amount = _in_currency(dollars, currency, begin, params) // ROUND * ROUND * draws
            tenor = TENORS[draw.below("tenor", firm, len(TENORS), loan * SLOTS + one)]
            due = np.minimum(begin + tenor, gone - 1 - FIRST_MONTH)
            drawn[every, begin] += amount
            inside = np.flatnonzero(due < MONTHS)
            repaid[inside, due[inside]] += amount[inside]
            month[:, one] = np.where(draws, due + 1 + draw.below("pause", firm, 10, loan * SLOTS + one), MONTHS)
    return drawn, repaid


def _in_currency(dollars, currency, at, params):
    fx = dollar_parity(FIRST_MONTH, MONTHS)[at]
    hkd = dollars * round(params["facility.hkd_per_usd"] * 100) // 100
    return np.where(currency == CNY, dollars * fx // 10_000, np.where(currency == HKD, hkd, dollars))


def _in_dollars(cents, currency, at, params):
    fx = dollar_parity(FIRST_MONTH, MONTHS)[at]
    hkd = cents * 100 // round(params["facility.hkd_per_usd"] * 100)
    return np.where(currency == CNY, cents * 10_000 // fx, np.where(currency == HKD, hkd, cents))
