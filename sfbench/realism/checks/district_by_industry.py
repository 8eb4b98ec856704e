"""Where a tech firm sits depends on what it does: makers in the outer districts, software in Nanshan and Futian."""

from __future__ import annotations

import duckdb
import numpy as np

from sfbench.realism.check import Check, Measured, Panel, Result, columns, ratio
from sfbench.realism.statistics import cramers_v

_FIRMS = """
    SELECT d.district_id, any_value(d.name_zh) AS zh, any_value(d.name_en) AS en,
           count(*) FILTER (i.manufacturing) AS making,
           count(*) FILTER (i.digital AND NOT i.manufacturing) AS digital,
           count(*) FILTER (NOT i.digital AND NOT i.manufacturing) AS other,
           count(*) FILTER (enterprise_id IN (SELECT enterprise_id FROM enterprise_tag WHERE tag = 'HNTE')) AS hnte
    FROM enterprise AS e JOIN district AS d USING (district_id) JOIN industry AS i USING (industry_code)
    WHERE enterprise_id IN (SELECT enterprise_id FROM enterprise_tag WHERE in_scope)
    GROUP BY d.district_id ORDER BY d.district_id"""
_OUTER = ("宝安", "龙岗", "龙华", "光明")
_INNER = ("南山", "福田")
_GROUPS = (("制造业", "Manufacturing"), ("软件与信息服务", "Software and information"), ("其他", "Other"))


def _compute(connection: duckdb.DuckDBPyConnection) -> Result:
    found = columns(connection, _FIRMS)
    table = np.stack([found[name] for name in ("making", "digital", "other")], axis=1).astype(float)
    short = np.array([str(name)[:2] for name in found["zh"]])
    making, digital, _ = table.sum(axis=0)
    hnte = found["hnte"].astype(float)
    figures = {
        "district_association": Measured(cramers_v(table), int(table.sum())),
        "district_makers_outside": Measured(
            ratio(100 * table[np.isin(short, _OUTER), 0].sum(), making),
            int(making),
        ),
        "district_software_inside": Measured(
            ratio(100 * table[np.isin(short, _INNER), 1].sum(), digital), int(digital)
        ),
        "district_hnte_baoan": Measured(ratio(100 * hnte[short == "宝安"].sum(), hnte.sum()), int(hnte.sum())),
    }
    panel = Panel(
        ("各行业企业的区域分布(%)", "District of a firm by industry (%)"),
        ("行业", "industry"),
        ("区", "district"),
        matrix=100 * table / np.maximum(table.sum(axis=0), 1),
        rows=tuple(zip(map(str, found["zh"]), map(str, found["en"]), strict=True)),
        columns=_GROUPS,
    )
    return Result(figures, (panel,))


CHECK = Check(
    "district_by_industry",
    "区域与行业",
    "District given industry",
    ("enterprise", "enterprise_tag", "district", "industry"),
    _compute,
)
