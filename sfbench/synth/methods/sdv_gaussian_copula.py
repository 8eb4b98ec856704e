"""`sdv_gaussian_copula`: SDV's GaussianCopulaSynthesizer, a table at a time (BUSL-1.1; the extra `sfbench[sdv]`)."""

from sfbench.synth.methods import _sdv

ABOUT = "SDV GaussianCopulaSynthesizer, table by table; needs sfbench[sdv] (BUSL-1.1)"
ABOUT_ZH = "SDV GaussianCopulaSynthesizer，逐表；需安装 sfbench[sdv](BUSL-1.1)"
OPTIONS = {"rows": 20000}  # rows: of each table that are learned
fit, draw = _sdv.table_by_table("GaussianCopulaSynthesizer", deep=False), _sdv.draw
