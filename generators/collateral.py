"""What a loan note is secured on: the thing pledged or mortgaged, its valuation and how much is lent on it."""

from functools import cache

import numpy as np

from sfbench.kit import (
    ChoiceByRow,
    Column,
    Table,
    add_months,
    ascii_texts,
    calibration,
    calibration_numbers,
    code_list,
    codes,
    day_number,
    fixed_width,
    nullable,
    vocabulary,
)

KIND = codes(
    "ip 知识产权 Intellectual property",
    "data_asset 数据资产 Data asset",
    "equity 股权 Equity",
    "receivable 应收账款 Receivables",
    "property 房地产 Real estate",
    "equipment 设备 Equipment",
)

TABLE = Table(
    zh="担保物",
    en="Collateral of loan notes",
    key=("collateral_id",),
    needs=("note", "loan"),
    grows="loan",
    per_firm=2.6,
    row_bytes=20.5,
    measures=(8, 13),
    event_on="secured_on",
    known_on="secured_on",
    rows_by="2021-12-31",
    columns=(
        Column("collateral_id", "key", "担保物编号", "Collateral"),
        Column("loan_id", "key", "借据编号", "Loan note secured", references="loan.loan_id"),
        Column("kind", "code", "担保物类别", "Kind", values=KIND),
        Column(
            "form",
            "code",
            "担保方式",
            "Pledged or mortgaged",
            values=codes("pledge 质押 Pledge", "mortgage 抵押 Mortgage"),
        ),
        Column("certificate_no", "text", "权证编号", "Number of the certificate (fictional)", privacy="identifier"),
        Column("first_rank", "flag", "是否第一顺位", "First rank"),
        Column("secured_on", "date", "设立日期", "Secured on", low_on="2016-01-01", high_on="2027-12-31"),
        Column(
            "secured_amount", "money", "担保物对应本金", "Principal secured", unit="CNY", low=0.01, privacy="sensitive"
        ),
        Column(
            "valuation_method",
            "code",
            "评估方法",
            "Valuation method",
            values=codes("market 市场法 Market", "income 收益法 Income", "cost 成本法 Cost", "agreed 协商作价 Agreed"),
        ),
        Column("valued_on", "date", "评估基准日", "Valued on", low_on="2015-10-01", high_on="2027-12-31"),
        Column("value", "money", "评估价值", "Value", unit="CNY", low=0.01, privacy="sensitive"),
        Column(
            "loan_to_value",
            "rate",
            "抵质押率",
            "Principal secured by value at grant",
            unit="%",
            standard="DZYL",
            low=0,
            high=100,
        ),
        Column("valuation_cycle", "count", "估值周期", "Months between valuations", unit="month", low=1, high=60),
        Column(
            "revalued_on",
            "date",
            "首次重估日",
            "First revaluation, at most one shown",
            nullable=True,
            known_on="revalued_on",
        ),
        Column(
            "revalued_value",
            "money",
            "重估价值",
            "Value at the revaluation",
            unit="CNY",
            nullable=True,
            low=0,
            known_on="revalued_on",
        ),
    ),
)


PROPERTY, EQUIPMENT = 4, 5
PLEDGE, MORTGAGE = 0, 1
TEN_THOUSAND = 1_000_000  # cents: values are in whole 万元
LAST_DAY = day_number("2027-12-31")


def rows(block, needs, params, draw):
    """One row a note with a pledge, a mortgage or mixed security."""
    notes, loan = needs["note"], needs["loan"]
    names = [code.code for code in code_list("guarantee")]
    group = _groups()[loan["guarantee"]]
    at = np.flatnonzero(group >= 0)
    note = {name: notes[name].take(at) for name in ("attempt", "product", "granted_on", "end_on")}
    number, granted_on = note["attempt"], note["granted_on"]
    kind = _kinds().at(group[at] * len(vocabulary("product", "code")) + note["product"], draw.uniform("kind", number))
    mixed = loan["guarantee"][at] == names.index("E")
    amount = loan["amount_rmb"].take(at)
    secured = np.where(mixed, (amount * params["collateral.mixed_share"]).astype(np.int64), amount)
    low, high = (calibration_numbers("collateral_kind", f"ltv_{end}")[kind] / 100 for end in ("low", "high"))
    target = low + (high - low) * draw.uniform("loan_to_value", number)
    value = (np.ceil(secured / target / TEN_THOUSAND)).astype(np.int64) * TEN_THOUSAND
    cycle = calibration_numbers("collateral_kind", "cycle")[kind].astype(np.int64)
    return {
        "collateral_id": number,
        "loan_id": number,
        "kind": kind,
        "form": np.where(kind >= PROPERTY, MORTGAGE, PLEDGE),
        "certificate_no": ascii_texts(fixed_width(number, 15, prefix="SYNQZ")),
        "first_rank": draw.chance("first_rank", number, calibration_numbers("collateral_kind", "first_rank")[kind]),
        "secured_on": granted_on,
        "secured_amount": secured,
        "valuation_method": _methods().at(kind, draw.uniform("method", number)),
        "valued_on": granted_on - draw.between("valued", number, 5, 60),
        "value": value,
        "loan_to_value": (secured / value * 1e7).astype(np.int64),
        "valuation_cycle": cycle,
        **_revaluation(note, kind, value, cycle, params, draw),
    }


@cache
def _groups():
    """By guarantee code: 0 pledge, 1 real estate, 2 other mortgage, 3 mixed, -1 nothing is pledged."""
    groups = {"A": 0, "B01": 1, "B99": 2, "E": 3}
    return np.array([groups.get(code.code, -1) for code in code_list("guarantee")])


@cache
def _kinds():
    """Weights of the kinds by group and product."""
    products, kinds = vocabulary("product", "code"), [code.code for code in KIND]
    plain = np.stack([calibration_numbers("collateral_kind", f"weight_{name}") for name in ("pledge", "mixed")])
    weights = np.zeros((4, len(products), len(kinds)))
    weights[0], weights[3] = plain[0], plain[1]
    weights[1, :, PROPERTY] = weights[2, :, EQUIPMENT] = 1.0
    named = dict(
        zip(calibration("product_collateral", "product"), calibration("product_collateral", "kind"), strict=True)
    )
    for product, kind in named.items():
        for group in (0, 3):
            weights[group, products.index(product)] = np.arange(len(kinds)) == kinds.index(kind)
    return ChoiceByRow.of(weights.reshape(-1, len(kinds)))


@cache
def _methods():
    names = [name for name in ("market", "income", "cost", "agreed")]
    return ChoiceByRow.of(
        np.stack([calibration_numbers("collateral_kind", f"method_{name}") for name in names], axis=1)
    )


def _revaluation(note, kind, value, cycle, params, draw):
    """After a cycle of the kind some things are valued again, if the note still runs."""
    number = note["attempt"]
    day = add_months(note["granted_on"], cycle).astype(np.int64) + draw.below("revalued_day", number, 28)
    again = draw.chance("revalued", number, params["collateral.revalued"]) & (day < note["end_on"]) & (day <= LAST_DAY)
    low, high = (calibration_numbers("collateral_kind", f"revalued_{end}")[kind] for end in ("low", "high"))
    factor = low + (high - low) * draw.uniform("revalued_value", number)
    new = np.floor(value * factor / TEN_THOUSAND + 0.5).astype(np.int64) * TEN_THOUSAND
    return {"revalued_on": nullable(day, again), "revalued_value": nullable(new, again)}
