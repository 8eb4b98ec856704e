"""A firm's year: books, R&D, patents, innovation points, energy, stage of life.

Who reports: tech firms in and out of the city, firms with tech use, and of the other firms those that are large or
medium (the statistical threshold: a prior). Revenue, staff, R&D ratio and size are those that the legal tests of the
tags looked at. A year is known when the annual report is filed, in the first half of the next year; the last year of
the data is preliminary, from the flash statistics of its last day.
"""

import numpy as np

from sfbench.kit import Column, Table, code_list, month_end, month_start

TABLE = Table(
    zh="企业年度",
    en="Enterprise years",
    key=("enterprise_id", "year"),
    needs=("firm_month", "firm_accounts", "firm_innovation"),
    grows="enterprise",
    per_firm=0.815,
    row_bytes=48.0,
    measures=(2, 8, 11, 12),
    event_on="period_end",
    known_on="reported_on",
    rows_by="2023-03-31",
    columns=(
        Column("enterprise_id", "key", "企业编号", "Enterprise", references="enterprise.enterprise_id"),
        Column("year", "count", "年度", "Year", low=2022, high=2027),
        Column("period_end", "date", "期末", "End of the year", low_on="2022-12-31", high_on="2027-12-31"),
        Column("reported_on", "date", "报送日期", "Reported on", low_on="2023-01-01", high_on="2027-12-31"),
        Column("preliminary", "flag", "是否年末快报", "Flash statistics of the year's end, not the annual report"),
        Column("size", "code", "企业规模", "Statistical size", standard="QYGM", values=code_list("size")),
        Column("stage", "code", "生命周期阶段", "Stage of life", values=code_list("stage")),
        Column("revenue", "money", "营业收入", "Revenue", unit="CNY", standard="YYSR", low=0, privacy="sensitive"),
        Column(
            "high_tech_revenue",
            "money",
            "高新技术产品(服务)收入",
            "Revenue of high-tech products and services",
            unit="CNY",
            low=0,
            privacy="sensitive",
        ),
        Column("exports", "money", "出口额", "Exports", unit="CNY", low=0, privacy="sensitive"),
        Column("profit", "money", "利润总额", "Profit before tax", unit="CNY", privacy="sensitive"),
        Column(
            "total_assets", "money", "总资产", "Total assets", unit="CNY", standard="ZZC", low=0, privacy="sensitive"
        ),
        Column("net_assets", "money", "净资产", "Net assets", unit="CNY", privacy="sensitive"),
        Column("staff", "count", "从业人员数", "Staff", unit="person", standard="CYRYS", low=1, privacy="quasi"),
        Column("tech_staff", "count", "科技人员数", "Tech staff", unit="person", low=0),
        Column("social_insured", "count", "社保参保人数", "Heads in social insurance", unit="person", low=1),
        Column("rd_spend", "money", "研发费用", "R&D expense in the accounts", unit="CNY", low=0, privacy="sensitive"),
        Column(
            "rd_internal",
            "money",
            "研发经费内部支出",
            "Internal R&D expenditure, scope of the R&D statistics",
            unit="CNY",
            low=0,
            privacy="sensitive",
        ),
        Column(
            "rd_cycle",
            "count",
            "研发周期",
            "Months from an R&D project's start to a product",
            unit="month",
            low=1,
            high=180,
        ),
        Column("valid_inventions", "count", "有效发明专利数", "Valid invention patents held at the year's end", low=0),
        Column("pct_applications", "count", "PCT国际专利申请数", "PCT applications of the year", low=0),
        Column("patent_grants", "count", "当年专利授权数", "Patents of all kinds granted in the year", low=0),
        Column("innovation_points", "count", "企业创新积分", "Innovation points (not official)", low=0, high=100),
        Column("energy", "number", "综合能耗", "Energy", unit="tce", low=0),
        Column("tco2e", "number", "碳排放量", "Greenhouse-gas emissions", unit="tCO2e", low=0),
    ),
)

FIRST_YEAR, YEARS = 2021, 7
FIRST_PATH_YEAR = 2015
ACCOUNTS = ("revenue", "exports", "profit", "net_assets", "staff", "energy", "tco2e")
INNOVATION = ("high_tech_revenue", "size", "stage", "tech_staff", "rd_spend", "rd_internal")


def rows(block, needs, params, draw):
    """One row a reporting firm and year in which it is on the register at the year's end; arrays over all firms beside.

    Handed on, (block.count, 7) for 2021-2027: `_revenue` of every firm; `_net_assets`, `_patents`, `_points`, `_stage`,
    `_tco2e` and `_reports` of the reporting firms, 0 for others. By firm: `_rd_cycle` (0 for others) and `_ip_from`.
    """
    books, innovation = needs["firm_accounts"], needs["firm_innovation"]
    one, year = np.nonzero(books["active"][:, 1:])
    at = one * YEARS + year + 1
    number = block.first + books["row"][one]
    calendar = FIRST_YEAR + 1 + year
    lag = draw.between("reported", number, 14, 180, calendar)
    period_end, last = month_end(calendar * 12 + 11), calendar == FIRST_YEAR + YEARS - 1

    def cells(matrix):
        return matrix.reshape(-1).take(at)

    def whole(values):
        matrix = np.zeros((block.count, *values.shape[1:]), values.dtype)
        matrix[books["row"]] = values
        return matrix

    revenue = needs["firm_month"]["revenue"][:, FIRST_YEAR - FIRST_PATH_YEAR :]
    return {
        "enterprise_id": number,
        "year": calendar,
        "period_end": period_end,
        "reported_on": np.where(last, period_end, month_start(calendar * 12 + 12) + lag),
        "preliminary": last,
        **{name: cells(books[name]) for name in ACCOUNTS},
        **{name: cells(innovation[name]) for name in INNOVATION},
        "total_assets": cells(books["assets"]),
        "social_insured": cells(books["insured"]),
        "rd_cycle": books["rd_cycle"][one],
        "valid_inventions": cells(innovation["inventions"]),
        "pct_applications": cells(innovation["pct"]),
        "patent_grants": cells(innovation["grants"]),
        "innovation_points": cells(innovation["points"]),
        "_revenue": np.floor(revenue * 100 + 0.5).astype(np.int64),
        "_net_assets": whole(books["net_assets"]),
        "_patents": whole(innovation["inventions"]),
        "_points": whole(innovation["points"]),
        "_stage": whole(innovation["stage"]),
        "_tco2e": whole(books["tco2e"]),
        "_reports": whole(books["active"]),
        "_rd_cycle": whole(books["rd_cycle"]),
        "_ip_from": innovation["ip_from"],
    }
