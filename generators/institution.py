"""Banks and the other institutions of the city: fixed, fictional, the same at every scale."""

import numpy as np

from sfbench.kit import (
    Column,
    Table,
    ascii_texts,
    code_list,
    fixed_width,
    positions,
    texts,
    uscc,
    vocabulary,
    vocabulary_numbers,
)

TABLE = Table(
    zh="金融机构",
    en="Institutions",
    stage="prelude",
    fixed_rows=108,
    row_bytes=95,
    key=("institution_id",),
    measures=(7, 17),
    columns=(
        Column("institution_id", "key", "机构编号", "Institution"),
        Column(
            "uscc",
            "text",
            "统一社会信用代码",
            "Unified social credit code",
            standard="JRJGDM",
            check="uscc",
            privacy="identifier",
        ),
        Column(
            "institution_code", "text", "金融机构编码", "Financial-institution code (JR/T 0124 form)", standard="JRJGBM"
        ),
        Column("kind", "code", "机构类别", "Kind", values=code_list("institution_kind")),
        Column("bank_type", "code", "银行类型", "Bank type", values=code_list("bank_type"), nullable=True),
        Column("name_zh", "text", "名称", "Name"),
        Column("name_en", "text", "英文名称", "English name"),
        Column("short_zh", "text", "简称", "Short name"),
        Column("area_code", "text", "机构地区代码", "Area code", standard="JRJGDQDM"),
        Column("relending_eligible", "flag", "是否再贷款发放对象", "Eligible for sci-tech relending"),
        Column("founded_on", "date", "成立日期", "Founded on"),
    ),
)


HEAD_OFFICES = 440304  # all registered in Futian; branches stand in the branch table
UNASSIGNED_AREA = 440390


def rows(block, needs, params, draw):
    """One row an institution of the vocabulary, banks first."""
    number = vocabulary_numbers("institution", "institution_id").astype(np.int64)
    codes = uscc("9", "1", UNASSIGNED_AREA + number % 10, draw.below("organisation", number, 10**8))
    founded = np.array(vocabulary("institution", "founded_on"), "datetime64[D]").astype(np.int32)
    kinds = vocabulary("institution", "kind")
    return {
        "institution_id": number,
        "uscc": ascii_texts(codes),
        "institution_code": ascii_texts(fixed_width(number, 9, prefix="SYN99")),
        "kind": positions(kinds, code_list("institution_kind")).values,
        "bank_type": positions(vocabulary("institution", "bank_type"), code_list("bank_type")),
        **{name: texts(vocabulary("institution", name)) for name in ("name_zh", "name_en", "short_zh")},
        "area_code": texts([str(HEAD_OFFICES)] * len(number)),
        "relending_eligible": vocabulary_numbers("institution", "relending_eligible") == 1,
        "founded_on": founded,
    }
