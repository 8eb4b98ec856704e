"""A dataset with a table of nasty values beside real ones, what it holds in plain Python, and exports of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import sfbench
import sfbench.content as content
from sfbench.store.export import export

HERE = Path(__file__).parent
TABLES = ("nasty", "institution", "enterprise", "loan", "loan_balance")
FEW = ("nasty", "institution", "loan")


@pytest.fixture(scope="session")
def city(tmp_path_factory):
    home = tmp_path_factory.mktemp("formats")
    (home / "content" / "generators").mkdir(parents=True)
    shutil.copy(HERE / "nasty.py", home / "content" / "generators" / "nasty.py")
    sfbench.generate(tables=TABLES, seed=5, out=home / "city", content_dirs=[home / "content"])
    return home / "city"


@pytest.fixture(scope="session")
def declared(city):
    tables = content.tables((city.parent / "content",))
    return {name: table.spec for name, table in tables.items() if table.spec.published}


def held(city, name):
    """The rows as Parquet has them: column -> values, codes as text, read without sfbench."""
    files = sorted((city / "data" / name).glob("*.parquet"))
    table = pa.concat_tables([pq.ParquetFile(file).read() for file in files], promote_options="permissive")
    return table.to_pydict()


@pytest.fixture(scope="session")
def exported(city, declared, tmp_path_factory):
    """A format's export of some tables, made once a session."""
    made = {}

    def make(form, suffix="", tables=FEW, **wishes):
        key = (form, tables, *wishes.items())
        if key not in made:
            made[key] = tmp_path_factory.mktemp("out") / f"out{suffix}"
            export(city, form, made[key], tables=tables, declared=declared, **wishes)
        return made[key]

    return make


def _binary(name):
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name)


class Server:
    """A PostgreSQL server of this test run on a loopback port of its own; it does not run as root."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port = home, port
        self.user = "postgres" if os.geteuid() == 0 else None
        self.address = f"postgresql://tester:secret@127.0.0.1:{port}/postgres"
        shutil.chown(home, self.user) if self.user else None
        (home / "password").write_text("secret")
        (home / "password").chmod(0o644)
        words = ["--username=tester", "--auth=scram-sha-256", f"--pwfile={home / 'password'}", "--encoding=UTF8"]
        self.run("initdb", "--pgdata", home / "data", "--no-sync", "--locale=C", *words)
        self.start()

    def run(self, name, *words):
        done = subprocess.run(
            [_binary(name), *map(str, words)],
            user=self.user,
            cwd=self.home,
            env={"PATH": os.environ["PATH"], "PGPASSWORD": "secret"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self):
        options = f"-p {self.port} -h 127.0.0.1 -k {self.home} -c fsync=off"
        log = self.home / "log"
        self.run("pg_ctl", "start", "-w", "-D", self.home / "data", "-l", log, "-o", options)

    def stop(self, mode="fast"):
        self.run("pg_ctl", "stop", "-w", "-D", self.home / "data", "-m", mode)

    def psql(self, *words):
        return self.run("psql", "-h", "127.0.0.1", "-p", self.port, "-U", "tester", "-d", "postgres", "-X", *words)

    def tables(self):
        query = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
        return self.psql("-A", "-t", "-c", query).split()

    def empty(self):
        self.psql("-q", "-c", "DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def _free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def server():
    if _binary("initdb") is None:
        # .ci/run installs it: there a test without a server is a failure, not a gap.
        assert not os.environ.get("CI"), "PostgreSQL is not installed (apt-get install postgresql)"
        pytest.skip("PostgreSQL is not installed")
    home = Path(tempfile.mkdtemp(prefix="sfbench-postgres-"))  # pytest's folders are closed to other users
    home.chmod(0o755)
    server = Server(home, _free_port())
    yield server
    server.stop("immediate")
    shutil.rmtree(home)


@pytest.fixture
def clean_server(server):
    server.empty()
    return server
