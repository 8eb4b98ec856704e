"""A private seed: the manifest commits to it and tells nobody, the private manifest opens it."""

import hashlib
import json
import shutil

import pytest

import sfbench
from sfbench.errors import SfbenchError
from sfbench.store import manifest
from sfbench.world.plan import plan
from sfbench.world.seal import commitment, sealed
from tests.world.shared import SEED, TINY

TABLES = ["loan"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    out = tmp_path_factory.mktemp("private") / "world"
    sfbench.generate(scale=TINY, seed="private", tables=TABLES, out=out)
    return out


@pytest.fixture
def apart(made, tmp_path):
    """(the dataset as it is published, the private manifest that lies elsewhere)."""
    shutil.copytree(made, tmp_path / "published")
    (tmp_path / "published" / "truth").rename(tmp_path / "kept")
    return tmp_path / "published", tmp_path / "kept" / "manifest.json"


def told(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_manifest_holds_the_salted_hash_and_nowhere_the_seed(made):
    private = told(made / "truth" / "manifest.json")
    text = f"{private['seed']}:{private['salt']}"
    public = manifest.read(made)
    assert public.seed is None
    assert public.seed_commitment == private["seed_commitment"] == hashlib.sha256(text.encode()).hexdigest()
    assert str(private["seed"]) not in (made / "manifest.json").read_text(encoding="utf-8")


def test_who_knows_the_seed_cannot_find_it_in_the_digest_of_the_plan(made):
    """Not even by trying: the digest is of the salt, too."""
    private = told(made / "truth" / "manifest.json")
    wish = plan("baseline", scale=TINY, seed=private["seed"], tables=tuple(TABLES))
    assert manifest.read(made).plan != wish.digest


def test_the_opened_seed_makes_the_same_data(made):
    seed = told(made / "truth" / "manifest.json")["seed"]
    public = sfbench.generate(scale=TINY, seed=seed, tables=TABLES, out=made.parent / "again").manifest
    assert public.fingerprint == manifest.read(made).fingerprint and public.seed == seed


def test_verify_opens_the_commitment_wherever_the_truth_lies(made, apart):
    published, opening = apart
    assert sfbench.verify(made) == sfbench.verify(published) == sfbench.verify(published, opening) == []


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("seed", SEED, "do not open the commitment"),
        ("salt", "00" * 16, "do not open the commitment"),
        ("observable_sha256", {}, "another table 'loan'"),
    ],
)
def test_another_opening_is_found_out(apart, key, value, says):
    published, opening = apart
    opening.write_text(json.dumps(told(opening) | {key: value}), encoding="utf-8")
    (finding,) = sfbench.verify(published, opening)
    assert says in finding.message and finding.severity == "critical"


def test_of_a_public_seed_the_private_manifest_says_the_same(tmp_path):
    sfbench.generate(scale=TINY, seed=SEED, tables=["district"], out=tmp_path / "out")
    assert manifest.read(tmp_path / "out").seed == SEED and sfbench.verify(tmp_path / "out") == []
    path = tmp_path / "out" / "truth" / "manifest.json"
    path.write_text(json.dumps(told(path) | {"seed": SEED + 1}), encoding="utf-8")
    (finding,) = sfbench.verify(tmp_path / "out")
    assert finding.message == f"its seed is {SEED + 1}, the manifest's {SEED}"


def test_a_file_that_is_no_private_manifest_is_refused(apart):
    published, _ = apart
    with pytest.raises(SfbenchError, match="no private manifest"):
        sfbench.verify(published, published / "manifest.json")
    with pytest.raises(SfbenchError, match="cannot be read"):
        sfbench.verify(published, published / "nowhere.json")


def test_the_text_is_hashed_with_its_salt_between_bounds():
    """`1:23` and `12:3` are different texts, so a commitment fits one seed only."""
    assert commitment(1, "23") == hashlib.sha256(b"1:23").hexdigest() != commitment(12, "3")


def test_no_seed_is_drawn_twice_and_none_is_short():
    drawn = [sealed() for _ in range(64)]
    assert len({one.seed for one in drawn}) == len({one.salt for one in drawn}) == 64
    assert all(0 <= one.seed < 2**63 and len(one.salt) == 32 for one in drawn)
    assert max(one.seed for one in drawn) > 2**60  # 64 draws below that: a chance of 2**-192
