"""`sdv_copulagan`: SDV's CopulaGANSynthesizer, a table at a time (BUSL-1.1; the extra `sfbench[sdv]`)."""

from sfbench.synth.methods import _sdv

ABOUT = "SDV CopulaGANSynthesizer, table by table; needs sfbench[sdv] (BUSL-1.1)"
ABOUT_ZH = "SDV CopulaGANSynthesizer，逐表；需安装 sfbench[sdv](BUSL-1.1)"
OPTIONS = {"rows": 5000, "epochs": 20}  # rows: of each table that are learned
fit, draw = _sdv.table_by_table("CopulaGANSynthesizer", deep=True), _sdv.draw
