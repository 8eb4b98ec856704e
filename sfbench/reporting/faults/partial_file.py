"""A month of a feed of which only a part arrived."""

import numpy as np

from sfbench.reporting.kit import Draw, Fault, Planted, Rows, Wish, drop, event, feed

FAULT = Fault(
    zh="文件不完整",
    en="Partial file",
    level="table",
    visible=True,
    mechanisms=("packets are lost anywhere in the file", "a sheet of the file, one class of rows, is missing"),
    mechanisms_zh=("文件中零散丢失数据包", "缺文件中的一页，即一类记录"),
    asks=("event_day", "codes"),
    columns=0,
    defaults={"share": 0.4},  # of the rows, or of the classes, that are lost
    withholds="chance",
)


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """Rows by their own number, or all rows of a class: the first column of the table with a list of codes."""
    file, part = feed(rows), rows.identity
    if wish.mechanism == 2:
        classes = [column.name for column in rows.table.columns if column.kind == "code"]
        part = event(rows, classes[0])
    lost = draw.chance("part", part, wish.settings["share"], file)
    return drop(rows, rows.pick_events(draw, file, np.asarray(lost)), group=file)
