"""Private-equity and venture funds: layer, parent, manager, stage, term, size. All names are fictional."""

import numpy as np

from sfbench.kit import (
    Column,
    Table,
    ascii_texts,
    calibration,
    calibration_numbers,
    code_list,
    compose,
    day_number,
    fixed_width,
    nullable,
    vocabulary,
)

TABLE = Table(
    zh="私募股权与创投基金",
    en="Private-equity and venture funds",
    key=("fund_id",),
    needs=("fund_state", "cluster"),
    grows="fund_manager",
    per_firm=0.0157,
    row_bytes=100,
    measures=(0, 3, 8, 10),
    event_on="founded_on",
    known_on="filed_on",
    rows_by="2021-12-31",
    columns=(
        Column("fund_id", "key", "基金编号", "Fund; below 1000: named public funds"),
        Column("filing_code", "text", "备案编号", "Filing number (form of the association, not issued)"),
        Column("name_zh", "text", "名称", "Name (fictional)"),
        Column("manager_id", "key", "管理人编号", "Manager", references="fund_manager.manager_id"),
        Column("kind", "code", "基金类型", "Kind", values=code_list("fund_kind")),
        Column("layer", "code", "基金层级", "Layer", values=code_list("fund_layer")),
        Column("in_20p8_group", "flag", "是否属于20+8产业基金群", "Belongs to the 20+8 fund group"),
        Column(
            "parent_fund_id",
            "key",
            "母基金编号",
            "Public fund that holds the largest public commitment",
            nullable=True,
            references="fund.fund_id",
        ),
        Column("stage", "code", "投资阶段", "Stage of the charter", values=code_list("fund_stage")),
        Column(
            "stage_minimum",
            "rate",
            "章程约定本阶段最低投资比例",
            "Charter's least share of money put into its own stage; a soft promise",
            unit="%",
            low=0,
            high=100,
        ),
        Column(
            "cluster_id",
            "key",
            "集群编号",
            "Cluster of the group's funds; empty if none",
            nullable=True,
            references="cluster.cluster_id",
        ),
        Column("currency_mode", "code", "币种模式", "Currency mode", values=code_list("currency_mode")),
        Column("founded_on", "date", "成立日期", "Founded on", low_on="2015-01-01", high_on="2027-12-31"),
        Column("filed_on", "date", "备案日期", "Filed on", low_on="2015-01-01", high_on="2027-12-31"),
        Column("term_years", "count", "存续期", "Term", unit="year", low=5, high=20),
        Column("invest_end_on", "date", "投资期截止日", "End of the investment period"),
        Column("ends_on", "date", "到期日(含延长期)", "End of the term, extensions included"),
        Column("target_size", "money", "目标规模", "Target size", unit="CNY", low=0),
        Column("size", "money", "认缴规模", "Committed capital", unit="CNY", low=0),
        Column(
            "fee_rate",
            "rate",
            "管理费率",
            "Yearly management fee on paid-in capital in the investment period; half of it after",
            unit="%",
            low=0,
            high=3,
        ),
        Column("carry_rate", "rate", "业绩报酬比例", "Carried interest above the hurdle", unit="%", low=0, high=30),
        Column(
            "hurdle_rate",
            "rate",
            "门槛收益率",
            "Yearly simple return owed before carried interest",
            unit="%",
            low=0,
            high=12,
        ),
    ),
)

LAST_DAY = day_number("2027-12-31")
FOF, PE, VC = 2, 1, 0
STAGES = tuple(code.code for code in code_list("fund_stage"))
VENTURE_STAGES = tuple(STAGES.index(name) for name in ("seed", "angel", "venture"))
MULTI = STAGES.index("multi")
# prior: least share by stage of the charter, in the order of the code list
MINIMUM = np.array([70, 70, 60, 60, 50, 80, 0]) * 100_000
FORMS = {
    "seed": "种子股权投资基金",
    "angel": "天使股权投资基金",
    "venture": "私募创业投资基金",
    "growth": "私募股权投资基金",
    "merger": "并购股权投资基金",
    "secondary": "私募股权接续基金",
    "multi": "私募股权母基金",
}
ORDINALS = ("产业", *(f"第{n}期" for n in "一二三四五六七八九十"), *(f"第十{n}期" for n in "一二三四五"))
NAMED = 1000


def rows(block, needs, params, draw):
    """One row a fund."""
    state = needs["fund_state"]
    number, layer, stage = state["fund_id"], state["layer"], state["stage"]
    filed = np.minimum(state["founded"] + draw.between("filing", number, 10, 60), LAST_DAY)
    multi = (stage == MULTI) | (number < NAMED)
    fee = calibration_numbers("fund_layer", "fee")[state["plan"]].astype(np.int64)
    carry = np.where(multi, params["fund.public_carry"], params["fund.carry"])
    return {
        "fund_id": number,
        "filing_code": ascii_texts(fixed_width(number, 8, prefix="SYNF")),
        "name_zh": _names(number, stage, state["slot"], draw),
        "manager_id": state["fund_manager"],
        "kind": np.where(multi, FOF, np.where(np.isin(stage, VENTURE_STAGES), VC, PE)),
        "layer": layer,
        "in_20p8_group": state["in_group"],
        "parent_fund_id": nullable(state["parent"], state["parent"] > 0),
        "stage": stage,
        "stage_minimum": MINIMUM[stage],
        "cluster_id": nullable(state["cluster"], state["cluster"] > 0),
        "currency_mode": state["mode"],
        "founded_on": state["founded"],
        "filed_on": filed,
        "term_years": state["term"],
        "invest_end_on": state["invest_end"],
        "ends_on": state["end"],
        "target_size": state["target"],
        "size": state["size"],
        "fee_rate": fee * 1000,
        "carry_rate": (carry * 100_000).astype(np.int64),
        "hurdle_rate": np.full(len(number), int(params["fund.hurdle"] * 100_000)),
    }


def _names(number, stage, slot, draw):
    """City, invented head, number of the fund, form; a named fund bears its own name."""
    names, heads = calibration("fund_public", "name_zh"), vocabulary("name_head", "head")
    named = number < NAMED
    place = np.zeros(NAMED, np.int64)
    place[calibration_numbers("fund_public", "fund_id").astype(np.int64)] = np.arange(len(names))
    head = draw.below("head", (number - NAMED) // 16, len(heads))
    return compose(
        ((*names, "深圳"), np.where(named, place[np.minimum(number, NAMED - 1)], len(names))),
        (("", *heads), np.where(named, 0, head + 1)),
        (("", *ORDINALS), np.where(named, 0, slot + 1)),
        (("", *FORMS.values()), np.where(named, 0, stage + 1)),
        (("合伙企业（有限合伙）",), np.zeros(len(number), np.int64)),
    )
