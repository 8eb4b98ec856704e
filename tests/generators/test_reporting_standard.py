"""The loan tables carry the reporting standard's outstanding-loan record, all 32 fields of it."""

from sfbench.content import tables

# 存量单位贷款信息, field codes in the order of the standard (docs: calibration section 8 of the project's notes).
FIELDS = (
    *("JRJGDM", "NBJGH", "JRJGDQDM", "JKRZJLX", "JKRZJDM", "JKRGMJJBM", "JKRHY", "JKRDQDM", "JKRJJCF", "JKRQYGM"),
    *("DKJJBM", "DKHTBM", "DKCPLB", "DKSJTX", "DKFFRQ", "DKDQRQ", "DKZQDQRQ", "BZ", "DKYE", "DKYEZRMB", "LLSFGD"),
    *("LLSP", "DKDJJZLX", "JZLL", "DKCZFCFS", "DKLLZXDJR", "DKDBFS", "SFSCDK", "DKZL", "DKZT", "YQLX", "DKYT"),
)


def carried(*names: str) -> list[str]:
    return [column.standard for name in names for column in tables()[name].spec.columns if column.standard]


def test_the_standard_has_32_fields_here():
    assert len(FIELDS) == len(set(FIELDS)) == 32


def test_loan_and_loan_balance_together_carry_each_field_once():
    assert sorted(carried("loan", "loan_balance")) == sorted(FIELDS)


def test_what_changes_by_month_stands_in_the_monthly_table():
    assert set(carried("loan_balance")) == {"DKYE", "DKYEZRMB", "LLSP", "DKZL", "DKZT", "YQLX", "DKZQDQRQ"}
