"""Registered managers of private-equity and venture funds. All names are fictional."""

import numpy as np

from sfbench.kit import (
    Choice,
    Column,
    Table,
    ascii_texts,
    code_list,
    codes,
    compose,
    day_number,
    fixed_width,
    nullable,
    quantiles,
    round_significant,
    uscc,
    vocabulary,
)

TABLE = Table(
    zh="私募股权与创投基金管理人",
    en="Managers of private-equity and venture funds",
    key=("manager_id",),
    needs=("fund_state",),
    grows="scale",
    per_firm=0.00325,
    row_bytes=190,
    measures=(3, 10),
    event_on="registered_on",
    known_on="registered_on",
    rows_by="2021-12-31",
    columns=(
        Column("manager_id", "key", "管理人编号", "Manager"),
        Column("registration_code", "text", "登记编号", "Registration number (form of the association, not issued)"),
        Column(
            "uscc",
            "text",
            "统一社会信用代码",
            "Unified social credit code; that of a named manager stands with its institution",
            nullable=True,
            check="uscc",
            privacy="identifier",
        ),
        Column("name_zh", "text", "名称", "Name (fictional)"),
        Column(
            "institution_id",
            "key",
            "机构编号",
            "The same body in the table of institutions; empty for other managers",
            nullable=True,
            references="institution.institution_id",
        ),
        Column(
            "kind",
            "code",
            "类别",
            "Kind",
            values=codes("pe 私募股权类 Private equity", "vc 创业投资类 Venture capital"),
        ),
        Column("control", "code", "控制类型", "Who controls it", values=code_list("manager_control")),
        Column("district_id", "key", "行政区编号", "District", references="district.district_id"),
        Column("registered_capital", "money", "注册资本", "Registered capital", unit="CNY", low=1_000_000),
        Column("staff", "count", "从业人员数", "Staff", unit="person", low=5, high=2000),
        Column("registered_on", "date", "登记日期", "Registered on", low_on="2014-03-17", high_on="2027-12-31"),
        Column(
            "deregistered_on",
            "date",
            "注销登记日期",
            "Left the register on",
            nullable=True,
            known_on="deregistered_on",
            high_on="2027-12-31",
        ),
    ),
)

NO_DAY = 1 << 30
FIRST_MARKET_MANAGER = 100
NAMED = 11  # institutions 84 to 94: six managers and five asset-investment companies
FIRST_NAMED_INSTITUTION, FIRST_COMPANY = 84, 90
UNASSIGNED_AREA = 440390
CONTROL = (0.18, 0.70, 0.07, 0.05)  # prior, in the order of the code list
PLACES = ("futian", "nanshan", "luohu", "baoan", "longgang", "yantian", "longhua")
WEIGHTS = (0.34, 0.48, 0.06, 0.03, 0.04, 0.01, 0.04)  # prior: managers sit in Futian and, with Qianhai, in Nanshan
FORMS = {
    0: ("私募股权基金管理有限公司", "股权投资管理有限公司", "资本管理有限公司"),
    1: ("天使投资管理有限公司", "私募基金管理有限公司"),
}


def rows(block, needs, params, draw):
    """The named managers with the first block, then the block's own."""
    state = needs["fund_state"]
    number, kind = state["manager"], state["venture"].astype(np.int64)
    registered, left = state["registered"], state["deregistered"]
    named = np.arange(1, NAMED + 1) if block.index == 0 else np.empty(0, np.int64)
    count = len(named)
    manager = np.concatenate([named, FIRST_MARKET_MANAGER + number])
    institution = FIRST_NAMED_INSTITUTION - 1 + named
    founded = np.array(vocabulary("institution", "founded_on"), "datetime64[D]").astype(np.int64)[institution - 1]
    registered = np.concatenate([np.maximum(founded + 60, FIRST_DAY), registered])
    left = np.concatenate([np.full(count, NO_DAY), left])
    control = np.where(institution >= FIRST_COMPANY, 3, 0)
    control = np.concatenate([control, draw.choice("control", number, Choice.of(CONTROL))])
    district = np.array([vocabulary("district", "name_en").index(name.title()) + 1 for name in PLACES])
    capital = draw.quantile("capital", manager, quantiles("lognormal_0.9")) * 2.5e9
    return {
        "manager_id": manager,
        "registration_code": ascii_texts(fixed_width(manager, 7, prefix="SYNP")),
        "uscc": nullable(ascii_texts(_codes(manager, draw)), manager > NAMED),
        "name_zh": _names(number, kind, institution, draw),
        "institution_id": nullable(np.concatenate([institution, np.zeros(len(number), np.int64)]), manager <= NAMED),
        "kind": np.concatenate([np.zeros(count, np.int64), kind]),
        "control": control,
        "district_id": district[draw.choice("district", manager, Choice.of(WEIGHTS))],
        "registered_capital": np.maximum(
            round_significant(capital.astype(np.int64), 1, draw.uniform("capital_round", manager)), 200_000_000
        ),
        "staff": np.maximum((draw.quantile("staff", manager, quantiles("lognormal_0.8")) * 16).astype(np.int64), 5),
        "registered_on": registered,
        "deregistered_on": nullable(np.where(left < NO_DAY, left, 0), left < NO_DAY),
    }


FIRST_DAY = day_number("2014-03-17")


def _codes(manager, draw):
    return uscc("9", "1", UNASSIGNED_AREA + manager % 10, draw.below("organisation", manager, 31**8), base=31)


def _names(number, kind, institution, draw):
    """City, invented head, legal form; a named manager bears the name of its institution."""
    names, heads = vocabulary("institution", "name_zh"), vocabulary("name_head", "head")
    forms = tuple(form for kind_ in FORMS for form in FORMS[kind_])
    form = np.where(
        kind == 0, draw.below("form", number, len(FORMS[0])), len(FORMS[0]) + draw.below("form", number, len(FORMS[1]))
    )
    head = draw.below("head", number, len(heads))
    own = np.concatenate([institution - 1, np.full(len(number), len(names))])
    blank = np.full(len(institution), 0)
    return compose(
        ((*names, "深圳市"), own),
        (("", *heads), np.concatenate([blank, head + 1])),
        (("", *forms), np.concatenate([blank, form + 1])),
    )
