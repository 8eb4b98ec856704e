"""A place that cannot be written, and a file in another encoding than was said, are errors that say what to do."""

import pytest

import sfbench
from sfbench.errors import SfbenchError
from sfbench.store.placed import whole_folder

TABLES = ["loan", "institution"]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    home = tmp_path_factory.mktemp("files")
    sfbench.generate(tables=TABLES, out=home / "city")
    sfbench.export(home / "city", "csv", home / "csv")
    return home


@pytest.fixture
def closed(tmp_path):
    """A place in which nothing can be made, for root neither: it is a file."""
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    return tmp_path / "file"


def test_a_folder_of_results_that_cannot_be_made_is_told(closed):
    written = whole_folder(closed / "new", "note.json")
    with pytest.raises(SfbenchError, match="the output folder cannot be written") as told, written:
        pass
    assert told.value.fix == "choose a folder that you may write to, with space left, with --out"


def test_so_is_that_of_factors(files, closed, refused):
    words = refused("factors", files / "city", "--out", closed / "new", says=["the output folder cannot be written"])
    assert "do:  choose a folder that you may write to" in words
    assert closed.read_text(encoding="utf-8") == "mine"


def test_a_file_without_the_mark_of_utf_16_is_not_utf_16(files, refused):
    file = files / "csv" / "institution.synthetic.csv"
    words = refused("import", file, "--encoding", "utf-16", "--out", files / "own", says=["the file is not utf-16"])
    assert "it reads as utf-8: --encoding utf-8" in words
