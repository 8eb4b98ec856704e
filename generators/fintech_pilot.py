"""Pilots of financial technology under the supervisors' eyes: admitted, live, taken over or withdrawn."""

import numpy as np

from sfbench.kit import Choice, Column, Table, add_months, codes, compose, day_in_month, month_of, nullable, vocabulary

TECHNOLOGIES = codes(
    "big_data 大数据 Big data",
    "ai 人工智能 Artificial intelligence",
    "blockchain 区块链 Blockchain",
    "cloud 云计算 Cloud computing",
    "privacy 隐私计算 Privacy-preserving computing",
    "iot 物联网 Internet of things",
)
USES = codes(
    "credit 信贷服务 Credit",
    "supply_chain 供应链金融 Supply-chain finance",
    "risk 风险管理 Risk management",
    "payment 支付结算 Payment",
    "insurance 保险服务 Insurance",
    "credit_reference 征信服务 Credit reference",
)
TABLE = Table(
    zh="金融科技创新试点",
    en="Fintech pilots",
    stage="prelude",
    fixed_rows=49,
    row_bytes=145,
    key=("pilot_id",),
    measures=(13,),
    event_on="admitted_on",
    known_on="admitted_on",
    rows_by="2022-03-31",
    columns=(
        Column("pilot_id", "key", "试点编号", "Pilot"),
        Column("name_zh", "text", "名称", "Name"),
        Column("institution_id", "key", "牵头机构编号", "Leading institution", references="institution.institution_id"),
        Column("technology", "code", "技术方向", "Technology", values=TECHNOLOGIES),
        Column("use", "code", "应用场景", "Use", values=USES),
        Column("admitted_on", "date", "准入日期", "Admitted on", low_on="2021-01-01", high_on="2027-12-31"),
        Column("live_on", "date", "上线日期", "Live on", nullable=True, known_on="live_on"),
        Column(
            "tech_finance_on",
            "date",
            "用于科技金融业务日期",
            "Used in tech finance from",
            nullable=True,
            known_on="tech_finance_on",
        ),
        Column("exited_on", "date", "退出日期", "Out of the pilot on", nullable=True, known_on="exited_on"),
        Column(
            "exit_kind",
            "code",
            "退出方式",
            "How it ended",
            values=codes(
                "taken_over 测试通过转常态运营 Taken over into normal business", "withdrawn 声明退出 Withdrawn"
            ),
            nullable=True,
            known_on="exited_on",
        ),
    ),
)

FIRST_YEAR, YEARS = 2021, 7
LAST_MONTH = 2027 * 12 + 11
LEADERS = ("bank", "insurer", "broker", "credit_platform", "supply_chain_platform")


def rows(block, needs, params, draw):
    """One row a pilot, by day of admission within a year."""
    per_year = int(params["pilot.per_year"])
    number = np.arange(1, per_year * YEARS + 1)
    year = FIRST_YEAR + (number - 1) // per_year
    admitted = day_in_month(year * 12 + draw.below("admitted", number, 12), draw.uniform("admitted.day", number))
    works = draw.chance("live", number, params.at("pilot.live", number, year * 12))
    live = add_months(admitted, 1 + draw.below("live.lag", number, int(params["pilot.months_to_live"])))
    least, most = (int(params[f"pilot.months_in_test_{end}"]) for end in ("least", "most"))
    # What never goes live is withdrawn in the end.
    withdrawn = ~works | draw.chance("withdrawn", number, params.at("pilot.withdrawn", number, year * 12))
    exited = add_months(np.where(works, live, admitted), draw.between("test", number, least, most))
    use = draw.below("use", number, len(USES))
    technology = draw.below("technology", number, len(TECHNOLOGIES))
    spread = add_months(live, draw.below("tech_finance.lag", number, least))
    for_tech = works & draw.chance("tech_finance", number, params.at("pilot.tech_finance", number, year * 12))
    for_tech &= ~withdrawn | (spread < exited)
    return {
        "pilot_id": number,
        "name_zh": compose(
            (("基于",), np.zeros(len(number), np.int64)),
            (tuple(code.zh for code in TECHNOLOGIES), technology),
            (("技术的",), np.zeros(len(number), np.int64)),
            (tuple(code.zh for code in USES), use),
            (tuple(f"试点{i}号" for i in range(1, len(number) + 1)), number - 1),
        ),
        "institution_id": draw.choice("leader", number, _leaders()) + 1,
        "technology": technology,
        "use": use,
        "admitted_on": admitted,
        "live_on": _within(live, works),
        "tech_finance_on": _within(spread, for_tech),
        "exited_on": _within(exited),
        "exit_kind": nullable(withdrawn.astype(np.int64), _within(exited).valid),
    }


def _within(day, wanted=True):
    """A day that is wanted and comes by the end of the history."""
    return nullable(day, wanted & (month_of(day) <= LAST_MONTH))


def _leaders():
    """Institutions that may lead a pilot; the kinds count alike, their members share."""
    kinds = vocabulary("institution", "kind")
    return Choice.of([1 / kinds.count(kind) if kind in LEADERS else 0.0 for kind in kinds])
