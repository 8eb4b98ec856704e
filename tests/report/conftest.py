"""A tiny city, its figures, the page of its report, and Chromium to open it in."""

from __future__ import annotations

import json
import shutil

import pytest

import sfbench
from sfbench.report import collect, save


@pytest.fixture(scope="session")
def city(tmp_path_factory):
    out = tmp_path_factory.mktemp("report") / "city"
    sfbench.generate("baseline", scale=0.004, seed=3, out=out)
    return out


@pytest.fixture(scope="session")
def figures(city):
    """The file that `sfbench evaluate --out` writes."""
    import pyarrow.parquet as pq

    path = city.parent / "figures.parquet"
    pq.write_table(sfbench.evaluate(city), path)
    return path


@pytest.fixture(scope="session")
def checks(city):
    """What `sfbench validate --json` prints, of two tables."""
    path = city.parent / "checks.json"
    path.write_text(sfbench.validate(city, suites=["loan", "district"]).to_json(), encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8"))["findings"]
    return path


@pytest.fixture(scope="session")
def page(city, figures, checks):
    path = city.parent / "report.html"
    pieces = collect(city, figures=figures, method="shenzhen_tech_finance", replicates=20, checks=checks)
    save(pieces, path, "en")
    return path


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    """A headless browser with its logs; `.ci/run` installs it where it may."""
    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        pytest.skip("needs Debian's chromium and chromium-driver")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"):
        options.add_argument(word)
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('chromium')}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))
    driver.set_script_timeout(240)
    yield driver
    driver.quit()
