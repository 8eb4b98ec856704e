"""Table files: found by listing, checked together, and refused with all their problems at once."""

import pytest

from sfbench.content import closure, listing, tables
from sfbench.errors import SfbenchError

GOOD = '''"""A good table."""

from sfbench.kit import Column, Table, codes

TABLE = Table(
    zh="表",
    en="A table",
    key=("firm",),
    needs=(),
    columns=(
        Column("firm", "key", "企业", "Firm"),
    ),
)


def rows(block, needs, params, draw):
    return {"firm": block.firms}
'''
REFERENCE = 'Column("firm", "key", "企业", "Firm", references="enterprise.enterprise")'
KNOWN_ON = 'Column("firm", "key", "企业", "Firm", nullable=True, known_on="known")'


@pytest.fixture
def refused(tmp_path):
    """The error of a content folder with these table files."""

    def load(**files):
        folder = tmp_path / "generators"
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            (folder / f"{name}.py").write_text(text, encoding="utf-8")
        with pytest.raises(SfbenchError) as caught:
            tables((tmp_path,))
        return str(caught.value)

    return load


def with_column(line):
    return GOOD.replace('Column("firm", "key", "企业", "Firm")', line)


def test_a_good_table_is_found_under_the_name_of_its_file(tmp_path):
    (tmp_path / "generators").mkdir()
    (tmp_path / "generators" / "score.py").write_text(GOOD, encoding="utf-8")
    found = tables((tmp_path,))["score"]
    assert found.spec.name == "score"
    assert found.spec.where.endswith("score.py")
    assert set(tables((tmp_path,))) == {*tables(), "score"}


def test_files_that_begin_with_an_underscore_are_not_tables(tmp_path):
    (tmp_path / "generators").mkdir()
    (tmp_path / "generators" / "_note.py").write_text("1 / 0", encoding="utf-8")
    assert tables((tmp_path,)).keys() == tables().keys()


def test_what_a_table_needs_comes_before_it():
    seen = set()
    for name, content in tables().items():
        assert set(content.spec.needs) <= seen, name
        seen.add(name)


def test_the_closure_of_a_table_is_all_that_it_needs():
    found = closure(["enterprise_tag"], tables())
    assert "firm_state" in found and "loan" not in found
    assert all(set(content.spec.needs) <= set(found) for content in found.values())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD.replace("needs=()", 'needs=("enterprize",)'), ["needs an unknown table 'enterprize'", "'enterprise'?"]),
        (GOOD.replace("needs=()", 'needs=("bank_month",)'), ["needs 'bank_month' too early", "a settle table"]),
        (GOOD.replace('key=("firm",)', 'key=("frm",)'), ["names an unknown column 'frm'", "did you mean 'firm'?"]),
        (GOOD.replace("needs=()", 'known_on="seen"'), ["names an unknown column 'seen'"]),
        (GOOD.replace("needs=()", 'rows_by="2025-13-31"'), ["mine.py: rows_by: '2025-13-31' is no date", "2025-12-31"]),
        (GOOD.replace("needs=()", 'event_on="seen"'), ["names an unknown column 'seen'"]),
        (with_column(REFERENCE), ["mine.firm: refers to unknown 'enterprise.enterprise'", "'enterprise_id'?"]),
        (with_column(REFERENCE.replace("enterprise.", "firms.")), ["refers to unknown 'firms.enterprise'"]),
        (with_column(KNOWN_ON), ["names an unknown column 'known'"]),
        (with_column(KNOWN_ON.replace("nullable=True, ", "").replace('"known"', '"firm"')), ["must be nullable"]),
        (with_column('Column("firm", "code", "级", "Class")'), ["mine.firm: a code column lists its values"]),
        (with_column('Column("firm", "keys", "企业", "Firm")'), ["mine.firm: 'kind' cannot be 'keys'", "'key'?"]),
        (GOOD.replace("needs=()", 'stage="blok"'), ["mine.py: 'stage' cannot be 'blok'", "did you mean 'block'?"]),
        (with_column('Column("firm", "key", "企", "F", check="ussc")'), ["'check' cannot be 'ussc'", "'uscc'?"]),
        (with_column('Column("firm", "key", "企", "F", privacy="open")'), ["'privacy' cannot be 'open'", "public"]),
        (GOOD.replace("columns=(\n", 'columns=(\n        Column("firm", "key", "二", "Two"),\n'), ["declared twice"]),
        (GOOD.replace("def rows", "def lines"), ["a block table needs a function 'rows'"]),
        (GOOD.replace("needs=()", 'stage="settle"'), ["a settle table needs a function 'partial'"]),
        (GOOD.replace("TABLE = ", "TABEL = "), ["the file declares no TABLE"]),
        (GOOD.replace('"""A good table."""', ""), ["mine.py:1: the file has no caption"]),
        (
            GOOD + "\n1 / 0\n",
            ["mine.py:19: the table file does not load", "ZeroDivisionError", "do:  correct the file"],
        ),
        (GOOD + "\ndef broken(:\n", ["mine.py:19: the table file does not load", "SyntaxError"]),
        (GOOD.replace("import Column", "import Colum"), ["mine.py:3: the table file does not load", "ImportError"]),
        (GOOD.replace("zh=", "title="), ["mine.py:5: the table file does not load", "title"]),
        (with_column('Column("firm", "key", "企业", "Firm", values=codes("A"))'), ["mine.py:", "does not load"]),
    ],
)
def test_a_bad_declaration_is_one_clear_error(text, says, refused):
    error = refused(mine=text)
    assert "mine.py" in error
    assert all(part in error for part in says), error


def test_a_circle_of_needs_names_the_circle_and_only_it(refused):
    def needing(name):
        return GOOD.replace("needs=()", f'needs=("{name}",)')

    error = refused(day=needing("night"), night=needing("day"), after=needing("day"))
    assert "tables need each other in a circle" in error
    assert "day -> night -> day" in error and "after" not in error.partition("why:")[2]


def test_a_table_that_needs_itself_is_a_circle(refused):
    assert "mine -> mine" in refused(mine=GOOD.replace("needs=()", 'needs=("mine",)'))


def test_all_problems_of_all_files_come_together(refused):
    error = refused(
        one=GOOD.replace('key=("firm",)', 'key=("frm",)').replace("needs=()", 'needs=("loans",)'),
        two=GOOD + "\n1 / 0\n",
        three=with_column(REFERENCE),
    )
    for part in ("'loans'", "'frm'", "two.py:19", "'enterprise.enterprise'"):
        assert part in error


def test_a_broken_file_is_not_blamed_on_those_that_need_it(refused):
    error = refused(broken="1 / 0\n", needy=GOOD.replace("needs=()", 'needs=("broken",)'))
    assert "broken.py:1" in error and "needy" not in error


def test_two_files_of_one_name_are_a_clash(refused):
    error = refused(loan=GOOD)
    assert "two generators are called 'loan'" in error and "rename one" in error


def test_a_clash_between_two_content_folders_names_both(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name / "scenarios").mkdir(parents=True)
        (tmp_path / name / "scenarios" / "calm.yaml").write_text("", encoding="utf-8")
    with pytest.raises(SfbenchError, match="two scenarios are called 'calm'") as caught:
        listing("scenarios", (tmp_path / "one", tmp_path / "two"))
    assert all(str(tmp_path / name) in str(caught.value) for name in ("one", "two"))


def test_a_content_folder_that_is_missing_is_named(tmp_path):
    with pytest.raises(SfbenchError, match="no such content folder"):
        tables((tmp_path / "nowhere",))


def test_every_table_has_labels_and_every_date_that_cuts_it_is_a_date():
    for name, content in tables().items():
        spec = content.spec
        assert spec.zh and spec.en, name
        if spec.published:
            assert spec.columns and spec.key and spec.grows, name
            assert all(column.zh and column.en for column in spec.columns), name
            assert all(spec.column(on).kind == "date" for on in (spec.event_on, spec.known_on) if on), name
            assert all(spec.column(c.known_on).kind == "date" for c in spec.columns if c.known_on), name


def test_the_32_fields_of_the_reporting_standard_stand_in_loan_and_loan_balance():
    """存量单位贷款信息: the codes of the fields that both tables carry together are all there, each once."""
    codes = [column.standard for name in ("loan", "loan_balance") for column in tables()[name].spec.columns]
    codes = [code for code in codes if code]
    assert len(codes) == len(set(codes)) == 32
