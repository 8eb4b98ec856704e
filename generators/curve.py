"""Yield curves at month ends: government bonds and rated medium-term notes, against which bond spreads are read."""

import numpy as np

from sfbench.kit import Column, Table, calibration_names, codes, month_end, monthly

TABLE = Table(
    zh="收益率曲线",
    en="Yield curves",
    stage="prelude",
    fixed_rows=2304,
    row_bytes=3,
    key=("month", "curve", "tenor_months"),
    measures=(5,),
    event_on="month",
    known_on="month",
    rows_by="2022-01-31",
    columns=(
        Column("month", "date", "月末", "Month end", references="month.month"),
        Column(
            "curve",
            "code",
            "曲线",
            "Curve",
            values=codes(
                "GOV 国债 Government bonds",
                "AAA 中短期票据(AAA) Medium-term notes, AAA",
                "AA_PLUS 中短期票据(AA+) Medium-term notes, AA+",
                "AA 中短期票据(AA) Medium-term notes, AA",
            ),
        ),
        Column("tenor_months", "count", "期限", "Tenor", unit="month", low=3, high=120),
        Column("yield_rate", "rate", "到期收益率", "Yield to maturity", unit="%", low=0, high=10),
    ),
)

FIRST_MONTH, MONTHS = 2022 * 12, 72
CURVES = ("GOV", "AAA", "AA_PLUS", "AA")


def rows(block, needs, params, draw):
    """One row a month end, curve and tenor. Handed on: `_tenors`; `_yields` by (curve, month from 2022-01, tenor)."""
    tenors = np.array([int(name.split(".")[1]) for name in calibration_names("curve") if name.startswith("GOV.")])
    yields = np.array([[monthly("curve", f"{c}.{t}", FIRST_MONTH, MONTHS) for t in tenors] for c in CURVES])
    yields = np.floor(yields.transpose(0, 2, 1) * 1e5 + 0.5).astype(np.int64)
    month, curve, tenor = (
        place.reshape(-1) for place in np.meshgrid(range(MONTHS), range(len(CURVES)), range(len(tenors)), indexing="ij")
    )
    return {
        "month": month_end(FIRST_MONTH + month),
        "curve": curve,
        "tenor_months": tenors[tenor],
        "yield_rate": yields[curve, month, tenor],
        "_tenors": tenors,
        "_yields": yields,
    }
