"""Practices of the city that were written up for others, and where they were adopted first."""

import numpy as np

from sfbench.kit import (
    Column,
    Table,
    add_months,
    code_list,
    codes,
    day_in_month,
    month_of,
    nullable,
    positions,
    texts,
    vocabulary,
    vocabulary_numbers,
)

BODIES = code_list("public_body")
ADOPTERS = codes(
    "province 省内其他城市 Another city of the province",
    "other_city 省外城市 A city elsewhere",
    "nation 全国 The whole country",
)
TABLE = Table(
    zh="可复制推广经验",
    en="Practices for others to adopt",
    stage="prelude",
    fixed_rows=36,
    row_bytes=197,
    key=("practice_id",),
    measures=(18,),
    event_on="published_on",
    known_on="published_on",
    rows_by="2022-03-31",
    columns=(
        Column("practice_id", "key", "经验编号", "Practice"),
        Column("measure", "count", "所属举措", "Measure of the action plan", low=1, high=19),
        Column("title_zh", "text", "名称", "Title in Chinese"),
        Column("title_en", "text", "英文名称", "Title in English"),
        Column("body", "code", "总结部门", "Body that wrote it up", values=BODIES),
        Column("published_on", "date", "发布日期", "Published on", low_on="2022-01-01", high_on="2027-12-31"),
        Column("adopted_on", "date", "首次被复制日期", "First adopted on", nullable=True, known_on="adopted_on"),
        Column("adopted_by", "code", "复制地", "Adopted by", values=ADOPTERS, nullable=True, known_on="adopted_on"),
    ),
)

LAST_MONTH = 2027 * 12 + 11


def rows(block, needs, params, draw):
    """One row a practice of the vocabulary."""
    pairs = [text.split("-") for text in vocabulary("practice", "published")]
    month = np.array([int(year) * 12 + int(part) - 1 for year, part in pairs])
    number = np.arange(1, len(month) + 1)
    published_on = day_in_month(month, draw.uniform("published", number))
    lag = 1 + draw.below("lag", number, int(params["practice.months_to_adoption"]))
    adopted_on = add_months(published_on, lag)
    adopted = draw.chance("adopted", number, params.at("practice.adopted", number, month)) & (
        month_of(adopted_on) <= LAST_MONTH
    )
    return {
        "practice_id": number,
        "measure": vocabulary_numbers("practice", "measure").astype(np.int64),
        **{name: texts(vocabulary("practice", name)) for name in ("title_zh", "title_en")},
        "body": positions(vocabulary("practice", "body"), BODIES).values,
        "published_on": published_on,
        "adopted_on": nullable(adopted_on, adopted),
        "adopted_by": nullable(draw.below("adopter", number, len(ADOPTERS)), adopted),
    }
