"""Districts of Shenzhen. Dapeng and Shenshan are no GB/T 2260 units, so the area code stands apart."""

import numpy as np

from sfbench.kit import Column, Table, texts, vocabulary, vocabulary_numbers

TABLE = Table(
    zh="行政区",
    en="Districts",
    stage="prelude",
    fixed_rows=11,
    row_bytes=297,
    measures=(0, 1, 10, 11, 14, 18, 20),
    key=("district_id",),
    columns=(
        Column("district_id", "key", "行政区编号", "District"),
        Column("name_zh", "text", "名称", "Name"),
        Column("name_en", "text", "英文名称", "English name"),
        Column("area_code", "text", "行政区划代码", "GB/T 2260 area code"),
        Column("gb_unit", "flag", "是否国标行政区", "Is a unit of GB/T 2260"),
    ),
)


def rows(block, needs, params, draw):
    """The eleven districts."""
    return {
        "district_id": vocabulary_numbers("district", "district_id").astype(np.int64),
        "name_zh": texts(vocabulary("district", "name_zh")),
        "name_en": texts(vocabulary("district", "name_en")),
        "area_code": texts(vocabulary("district", "area_code")),
        "gb_unit": vocabulary_numbers("district", "is_gb_unit") == 1,
    }
