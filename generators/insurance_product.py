"""Insurance products sold to tech firms, with the terms of their lines that every policy under them obeys."""

import numpy as np

from sfbench.kit import (
    Column,
    Table,
    calibration,
    calibration_numbers,
    code_list,
    positions,
    take,
    texts,
    vocabulary,
    vocabulary_numbers,
)

TABLE = Table(
    zh="科技保险产品",
    en="Insurance products",
    stage="prelude",
    fixed_rows=267,
    row_bytes=51,
    key=("insurance_product_id",),
    known_on="launched_on",
    rows_by="2021-12-31",
    measures=(15,),
    columns=(
        Column("insurance_product_id", "key", "保险产品编号", "Insurance product"),
        Column("institution_id", "key", "机构编号", "Insurer", references="institution.institution_id"),
        Column("name_zh", "text", "名称", "Name"),
        Column("name_en", "text", "英文名称", "English name"),
        Column("line", "code", "险种", "Line", values=code_list("insurance_line")),
        Column("scope", "code", "统计口径", "Scope of statistics", values=code_list("insurance_scope")),
        Column("stage", "code", "创新环节", "Stage of innovation", values=code_list("innovation_stage")),
        Column(
            "program", "code", "保费补贴项目", "Premium subsidy", values=code_list("subsidy_program"), nullable=True
        ),
        Column("hazards", "text", "承保风险", "Hazards covered, codes joined by |"),
        Column("min_rate", "rate", "年费率下限", "Least rate a year", unit="%", low=0, high=10),
        Column("max_rate", "rate", "年费率上限", "Largest rate a year", unit="%", low=0, high=10),
        Column("launched_on", "date", "推出日期", "Launched on"),
    ),
)


def rows(block, needs, params, draw):
    """One row a product of the vocabulary; its terms are those of its line."""
    lines = calibration("insurance_line", "line")
    line = np.array([lines.index(name) for name in vocabulary("insurance_product", "line")])
    program = positions(calibration("insurance_line", "program"), code_list("subsidy_program"))

    def code(name, which):
        return positions(calibration("insurance_line", name), code_list(which)).values[line]

    return {
        "insurance_product_id": vocabulary_numbers("insurance_product", "insurance_product_id").astype(np.int64),
        "institution_id": vocabulary_numbers("insurance_product", "institution_id").astype(np.int64),
        **{name: texts(vocabulary("insurance_product", name)) for name in ("name_zh", "name_en")},
        "line": code("line", "insurance_line"),
        "scope": code("scope", "insurance_scope"),
        "stage": code("stage", "innovation_stage"),
        "program": program._replace(values=program.values[line], valid=program.valid[line]),
        "hazards": take(texts(calibration("insurance_line", "hazards")), line),
        **{
            f"{end}_rate": np.floor(calibration_numbers("insurance_line", f"rate_{word}")[line] * 1e5 + 0.5).astype(
                np.int64
            )
            for end, word in (("min", "low"), ("max", "high"))
        },
        "launched_on": np.array(vocabulary("insurance_product", "launched_on"), "datetime64[D]").astype(np.int32),
    }
