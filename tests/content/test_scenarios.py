"""Scenario files: `extends` followed, every key and value checked, each error with its file and line."""

import pytest

from sfbench.content import parameters, scenario
from sfbench.errors import SfbenchError

HEAD = "title_zh: 甲\ntitle_en: A\ncaption: A test.\n"


@pytest.fixture
def write(tmp_path):
    """Write a scenario file into the content folder; returns its path."""

    def file(text, name="mine", folder="scenarios"):
        path = tmp_path / folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return file


@pytest.fixture
def refused(write, tmp_path):
    """The error of a scenario with this text."""

    def read(text):
        with pytest.raises(SfbenchError) as caught:
            scenario(str(write(text)), (tmp_path,))
        return str(caught.value)

    return read


def test_the_baseline_changes_nothing():
    found = scenario("baseline")
    assert found.changed == {} and found.chain == ("baseline",)
    assert found.params == {name: parameter.value for name, parameter in parameters().items()}


def test_a_scenario_changes_what_it_names_and_nothing_else(write):
    found = scenario(str(write(HEAD + "extends: baseline\nparams:\n  credit.tag_lift: 0\n")))
    assert found.changed == {"credit.tag_lift": 0.0}
    assert {name for name, value in found.params.items() if value != parameters()[name].value} == {"credit.tag_lift"}
    assert (found.name, found.chain) == ("mine", ("mine", "baseline"))


def test_the_nearest_of_a_chain_wins(write, tmp_path):
    write(HEAD + "extends: middle\nparams:\n  credit.tag_lift: 0.01\n", "near")
    write(HEAD + "extends: far\nparams:\n  credit.tag_lift: 0.02\n  credit.withdrawn: 0.02\n", "middle")
    write(HEAD + "params:\n  credit.tag_lift: 0.03\n  credit.withdrawn: 0.01\n  credit.main_bank: 0.3\n", "far")
    found = scenario("near", (tmp_path,))
    assert found.chain == ("near", "middle", "far")
    assert found.changed == {"credit.tag_lift": 0.01, "credit.withdrawn": 0.02, "credit.main_bank": 0.3}


def test_a_path_in_extends_is_read_from_the_folder_of_the_file_that_names_it(write):
    write(HEAD + "params:\n  credit.withdrawn: 0.01\n", "base", "far")
    write(HEAD + "extends: base.yaml\n", "step", "far")
    found = scenario(str(write(HEAD + "extends: ../far/step.yaml\n", "start", "near")))
    assert found.chain == ("start", "step", "base") and found.changed == {"credit.withdrawn": 0.01}


def test_a_file_called_baseline_may_extend_the_baseline(write):
    assert scenario(str(write(HEAD + "extends: baseline\n", "baseline"))).chain == ("baseline", "baseline")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (HEAD + "tilte: A\n", 4, ["unknown key 'tilte'", "did you mean 'title_"]),
        (HEAD + "title_zh: 乙\n", 4, ["key 'title_zh' is given twice"]),
        (HEAD + "params: [1]\n", 4, ["'params' must be a mapping"]),
        (HEAD + "params:\n", 4, ["'params' must be a mapping"]),
        (HEAD + "extends: [baseline]\n", 4, ["'extends' must be text"]),
        (HEAD.replace("A test.", "7"), 3, ["'caption' must be text, not 7"]),
        (HEAD.replace("A test.", "2026-13-45"), 3, ["'caption' must be text, not '2026-13-45'"]),
        (HEAD.replace("A test.", "!what 7"), 3, ["'caption' must be text"]),
        (HEAD + "params:\n  credit.tag_lft: 0\n", 5, ["unknown parameter 'credit.tag_lft'", "'credit.tag_lift'?"]),
        (HEAD + "params:\n  credit.tag_lift: high\n", 5, ["credit.tag_lift must be a number, not 'high'"]),
        (HEAD + "params:\n  credit.tag_lift: true\n", 5, ["credit.tag_lift must be a number, not True"]),
        (HEAD + "params:\n  credit.tag_lift: .nan\n", 5, ["credit.tag_lift must be a number"]),
        (HEAD + "params:\n  credit.tag_lift: 2026-13-45\n", 5, ["credit.tag_lift must be a number"]),
        (HEAD + "params:\n  credit.tag_lift: 7\n", 5, ["credit.tag_lift = 7 is outside [0, 0.5] probability"]),
        (HEAD + "params:\n  credit.tag_lift: 0\n  credit.tag_lift: 0.1\n", 6, ["'credit.tag_lift' is given twice"]),
        (HEAD + "extends: baselin\n", 4, ["unknown scenario 'baselin'", "did you mean 'baseline'?"]),
        (HEAD + "extends: nowhere.yaml\n", 4, ["no such scenario file", "nowhere.yaml"]),
        (HEAD + "extends: mine\n", 4, ["in a circle", "mine -> mine"]),
        (HEAD + "extends: mine.yaml\n", 4, ["in a circle", "mine -> mine"]),
        ("- a\n- b\n", 1, ["a scenario is a mapping of keys"]),
        ("", 1, ["a scenario is a mapping of keys"]),
        ("title_zh: 甲\ncaption: A test.\n", 1, ["key 'title_en' is missing", "add `title_en: ...`"]),
    ],
)
def test_a_bad_file_is_refused_with_its_line(text, line, says, refused):
    error = refused(text)
    assert f"mine.yaml:{line}: " in error, error
    assert all(part in error for part in says), error


def test_a_circle_of_three_names_the_file_that_closes_it(write, tmp_path):
    for name, other in (("one", "two"), ("two", "three"), ("three", "one")):
        write(HEAD + f"extends: {other}\n", name)
    with pytest.raises(SfbenchError, match="one -> two -> three -> one") as caught:
        scenario("one", (tmp_path,))
    assert "three.yaml:4: " in str(caught.value)


def test_a_parent_s_errors_name_the_parent(write, tmp_path):
    write(HEAD + "extends: base\n", "child")
    write(HEAD + "params:\n  credit.tag_lift: 9\n", "base")
    with pytest.raises(SfbenchError, match=r"base\.yaml:5: credit\.tag_lift = 9 is outside"):
        scenario("child", (tmp_path,))


def test_all_errors_of_a_file_come_together(refused):
    error = refused("title: A\nparams:\n  credit.tag_lft: 0\n  credit.withdrawn: much\n")
    for part in ("mine.yaml:1: unknown key", "mine.yaml:3: unknown parameter", "mine.yaml:4: credit.withdrawn must be"):
        assert part in error
    assert error.count("is missing") == 3


@pytest.mark.parametrize(("text", "line"), [("title_zh: [\n", 2), (HEAD + "\tparams: 1\n", 4)])
def test_what_is_no_yaml_names_file_and_line(text, line, refused):
    error = refused(text)
    assert "mine.yaml: not readable as YAML" in error and f"line {line}, column 1" in error


def test_bytes_that_are_no_text_are_refused(write):
    path = write(HEAD)
    path.write_bytes(b"title_zh: \xff\xfe\n")
    with pytest.raises(SfbenchError, match="not readable as YAML"):
        scenario(str(path))


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(SfbenchError, match="unknown scenario 'baselina'") as caught:
        scenario("baselina")
    assert "did you mean 'baseline'?" in str(caught.value)


def test_a_path_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SfbenchError, match=r"gone\.yaml: no such scenario file"):
        scenario(str(tmp_path / "gone.yaml"))
