"""Loan products with the rules that every note under them obeys."""

import numpy as np

from sfbench.kit import Column, Table, code_list, nullable, positions, texts, vocabulary, vocabulary_numbers

TABLE = Table(
    zh="信贷产品",
    en="Loan products",
    stage="prelude",
    fixed_rows=36,
    row_bytes=366,
    key=("product_id",),
    known_on="launched_on",
    rows_by="2021-12-31",
    measures=(1, 8, 12, 13),
    columns=(
        Column("product_id", "key", "产品编号", "Product"),
        Column("code", "text", "产品代码", "Product code"),
        Column("name_zh", "text", "名称", "Name"),
        Column("name_en", "text", "英文名称", "English name"),
        Column(
            "product_class",
            "code",
            "贷款产品类别",
            "Product class of the standard",
            standard="DKCPLB",
            values=code_list("product_class"),
        ),
        Column("innovation", "flag", "是否创新产品", "Innovation product of the action plan"),
        Column("tech_only", "flag", "是否仅限科技型企业", "For tech enterprises only"),
        Column("launched_on", "date", "推出日期", "Launched on"),
        Column("ended_on", "date", "停办日期", "Ended on", nullable=True, known_on="ended_on"),
        Column("min_amount", "money", "最低金额", "Least amount", unit="CNY", low=0),
        Column("max_amount", "money", "最高金额", "Largest amount", unit="CNY", low=0),
        Column("min_tenor", "count", "最短期限", "Shortest tenor", unit="month", low=1),
        Column("max_tenor", "count", "最长期限", "Longest tenor", unit="month", low=1),
        Column(
            "min_spread",
            "rate",
            "利差下限",
            "Least spread to the LPR of like tenor",
            unit="percentage point",
            low=-4,
            high=6,
        ),
        Column(
            "max_spread",
            "rate",
            "利差上限",
            "Largest spread to the LPR of like tenor",
            unit="percentage point",
            low=-4,
            high=10,
        ),
        Column("repayment", "code", "还本方式", "Repayment of principal", values=code_list("repayment")),
        Column("guarantee_kinds", "text", "可用担保方式", "Guarantee kinds allowed, codes of the standard joined by |"),
        Column("max_firm_age", "count", "企业成立年限上限", "Oldest firm", unit="year", nullable=True, low=1),
        Column("requires_tag", "text", "须持资质", "Tag that the borrower must hold", nullable=True),
    ),
)


def rows(block, needs, params, draw):
    """One row a product of the vocabulary; amounts in cents, spreads in 1e-5 percentage points."""
    ended = vocabulary("product", "ended_on")
    age = vocabulary_numbers("product", "max_firm_age_years")
    tag = vocabulary("product", "requires_tag")

    def numbers(name, factor=1):
        return (vocabulary_numbers("product", name) * factor).astype(np.int64)

    return {
        "product_id": numbers("product_id"),
        **{name: texts(vocabulary("product", name)) for name in ("code", "name_zh", "name_en", "guarantee_kinds")},
        "product_class": positions(vocabulary("product", "standard_class"), code_list("product_class")).values,
        "innovation": numbers("innovation") == 1,
        "tech_only": numbers("tech_only") == 1,
        "launched_on": np.array(vocabulary("product", "launched_on"), "datetime64[D]").astype(np.int32),
        "ended_on": nullable(
            np.array([day or "1970-01-01" for day in ended], "datetime64[D]").astype(np.int32),
            np.array([bool(day) for day in ended]),
        ),
        "min_amount": numbers("min_amount", 100),
        "max_amount": numbers("max_amount", 100),
        "min_tenor": numbers("min_tenor"),
        "max_tenor": numbers("max_tenor"),
        "min_spread": numbers("rate_spread_bp_min", 1000),
        "max_spread": numbers("rate_spread_bp_max", 1000),
        "repayment": positions(vocabulary("product", "repayment"), code_list("repayment")).values,
        "max_firm_age": nullable(np.where(np.isnan(age), 0, age).astype(np.int64), ~np.isnan(age)),
        "requires_tag": nullable(texts(tag), np.array([bool(text) for text in tag])),
    }
