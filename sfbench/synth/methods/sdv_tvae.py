"""`sdv_tvae`: SDV's TVAESynthesizer, a table at a time (BUSL-1.1; the extra `sfbench[sdv]`)."""

from sfbench.synth.methods import _sdv

ABOUT = "SDV TVAESynthesizer, table by table; needs sfbench[sdv] (BUSL-1.1)"
ABOUT_ZH = "SDV TVAESynthesizer，逐表；需安装 sfbench[sdv](BUSL-1.1)"
OPTIONS = {"rows": 5000, "epochs": 20}  # rows: of each table that are learned
fit, draw = _sdv.table_by_table("TVAESynthesizer", deep=True), _sdv.draw
