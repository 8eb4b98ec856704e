"""Industry classes of GB/T 4754-2017 with the statistical flags of technology-related industries."""

import numpy as np

from sfbench.kit import Column, Table, code_list, codes_from, nullable, positions, texts, vocabulary, vocabulary_numbers

INDUSTRY = codes_from("industry", "industry_code", "name_zh", "name_en")
SIZE_RULES = codes_from("size_rule", "size_rule", "size_rule", "size_rule")

TABLE = Table(
    zh="行业",
    en="Industry classes",
    stage="prelude",
    fixed_rows=203,
    row_bytes=69,
    key=("industry_code",),
    measures=(0, 2),
    columns=(
        Column("industry_code", "code", "行业中类", "GB/T 4754 class", standard="DKSJTX", values=INDUSTRY),
        Column("name_zh", "text", "名称", "Name"),
        Column("name_en", "text", "英文名称", "English name"),
        Column("section", "text", "门类", "Section letter"),
        Column("division", "text", "大类", "Division, letter and two digits"),
        Column(
            "htp", "code", "高技术制造业类别", "High-tech manufacturing class", values=code_list("htp"), nullable=True
        ),
        Column("hts", "code", "高技术服务业类别", "High-tech service class", values=code_list("hts"), nullable=True),
        Column(
            "se_classes",
            "text",
            "可对应的战略性新兴产业类别",
            "Strategic-emerging classes that a use may carry",
            nullable=True,
        ),
        Column(
            "pa",
            "code",
            "知识产权(专利)密集型产业类别",
            "Patent-intensive class",
            values=code_list("pa"),
            nullable=True,
        ),
        Column("digital", "flag", "是否数字经济核心产业", "Core digital-economy industry"),
        Column("manufacturing", "flag", "是否制造业", "Manufacturing"),
        Column("nev_chain", "flag", "是否新能源汽车产业链", "New-energy-vehicle chain"),
        Column("size_rule", "code", "划型标准", "Statistical size rule", values=SIZE_RULES),
    ),
)


def rows(block, needs, params, draw):
    """One row a class of the vocabulary."""
    se = vocabulary("industry", "se_classes")
    return {
        "industry_code": np.arange(len(INDUSTRY)),
        **{name: texts(vocabulary("industry", name)) for name in ("name_zh", "name_en", "section", "division")},
        **{name: positions(vocabulary("industry", name), code_list(name)) for name in ("htp", "hts", "pa")},
        "se_classes": nullable(texts(se), np.array([bool(text) for text in se])),
        **{name: vocabulary_numbers("industry", name) == 1 for name in ("digital", "manufacturing", "nev_chain")},
        "size_rule": positions(vocabulary("industry", "size_rule"), SIZE_RULES).values,
    }
