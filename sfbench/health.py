"""Is this installation sound? The quick look of `--version`, and the checks of `sfbench doctor`."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sfbench.folders import BUILT_IN, PACKAGE
from sfbench.version import __version__

Verdict = Literal["ok", "warning", "failed"]
Both = tuple[str, str]
_LEAST_FREE = 2 << 30  # bytes: the whole city takes 0.5 GB, its exports several times that
_CONTENT = ("generators", "scenarios", "expectations", "datasets")


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name in both languages, the verdict, what was seen, and what to do.

    seen_zh and fix_zh are the same in Chinese; empty where that is a path, a version or a command.
    """

    en: str
    zh: str
    verdict: Verdict
    seen: str
    fix: str = ""
    seen_zh: str = ""
    fix_zh: str = ""


def damage() -> list[str]:
    """Files of the installation that are missing or cut short, by size alone: milliseconds, nothing heavy imported."""
    lost = [f"{name}/" for name in _CONTENT if not (BUILT_IN / name).is_dir()]
    for file in _recorded():
        path = Path(str(file.locate()))
        if not path.is_file() or (file.size is not None and path.stat().st_size != file.size):
            lost.append(str(file))
    return lost


def checks() -> Iterator[Check]:
    """Every check in turn; one that goes wrong says so and the next goes on."""
    for check in (_python, _files, _libraries, _extras, _content, _settings, _cache, _disk, _encoding, _data):
        yield check()


def _recorded() -> list[importlib.metadata.PackagePath]:
    """The package's files as the installer noted them; none for an editable install."""
    try:
        files = importlib.metadata.files("sfbench") or []
    except importlib.metadata.PackageNotFoundError:
        return []
    return [file for file in files if file.parts[0] == "sfbench" and file.suffix != ".pyc"]


def _python() -> Check:
    good = (3, 11) <= sys.version_info[:2] <= (3, 13)
    seen = f"{sys.version.split()[0]}, {sys.executable}"
    if good:
        return Check("Python", "Python", "ok", seen)
    return Check("Python", "Python", "warning", seen, "use Python 3.11 to 3.13", fix_zh="请使用Python 3.11至3.13")


def _files() -> Check:
    lost = damage()
    seen = f"sfbench {__version__}, {PACKAGE}" + (f": {', '.join(lost[:3])} ... ({len(lost)})" if lost else "")
    fix = "pip install --force-reinstall sfbench" if lost else ""
    return Check("installation", "安装", "failed" if lost else "ok", seen, fix)


def _libraries() -> Check:
    from packaging.requirements import Requirement

    wrong, seen = [], []
    for line in _required():
        wanted = Requirement(line)
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        found = _version(wanted.name)
        if found is None or not wanted.specifier.contains(found, prereleases=True):
            wrong.append(f"{wanted.name} {found or 'missing'}, wanted {wanted.specifier}")
        elif wanted.name in ("duckdb", "pyarrow", "numpy", "great-expectations"):
            seen.append(f"{wanted.name} {found}")
    fix = "pip install -c constraints.txt sfbench" if wrong else ""
    return Check("libraries", "依赖库", "failed" if wrong else "ok", "; ".join(wrong or seen), fix)


def _extras() -> Check:
    """What each extra's libraries are: those that are not there are no fault."""
    from packaging.requirements import Requirement

    missing: dict[str, bool] = {}
    for line in _required():
        wanted = Requirement(line)
        for extra in _extra_names():
            if wanted.marker is not None and wanted.marker.evaluate({"extra": extra}) and "extra" in str(wanted.marker):
                missing[extra] = missing.get(extra, False) or _version(wanted.name) is None
    shown = [
        extra + (" -" if lacks else "") for extra, lacks in sorted(missing.items()) if extra not in ("test", "bench")
    ]
    return Check("extras (- not installed)", "可选组件（- 未安装）", "ok", ", ".join(shown))


def _content() -> Check:
    import sfbench.content as content

    def count() -> Both:
        tables = sum(table.spec.published for table in content.tables().values())
        scenarios, metrics = len(content.scenario_names()), len(content.listing("metrics"))
        suites = len(content.listing("expectations"))
        en = f"{tables} tables, {scenarios} scenarios, {metrics} metrics, {suites} suites"
        return en, f"{tables}张表，{scenarios}个情景，{metrics}个指标，{suites}个规则集"

    return _tried("content", "内容", count, ("pip install --force-reinstall sfbench", ""))


def _settings() -> Check:
    from sfbench.settings import settings

    def look() -> Both:
        found = settings().path
        return (str(found), "") if found else ("none", "无")

    return _tried("settings", "设置", look, ("see docs/how-to/settings.md", "参见docs/how-to/settings.md"))


def _cache() -> Check:
    from sfbench.cache import cache_folder, kept

    def look() -> Both:
        folder = cache_folder()
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        found = kept()
        held = f"{sum(one.bytes for one in found) / 1e6:.1f} MB"
        return f"{folder}: {len(found)} datasets, {held}", f"{folder}：{len(found)}个数据集，{held}"

    fix = ("name another with SFBENCH_CACHE=/path", "请以SFBENCH_CACHE=/path另行指定")
    return _tried("cache folder", "缓存目录", look, fix)


def _disk() -> Check:
    free = shutil.disk_usage(Path.cwd()).free
    seen = f"{free / 1e9:.1f} GB"
    if free > _LEAST_FREE:
        return Check("free disk here", "此处可用磁盘", "ok", seen)
    return Check("free disk here", "此处可用磁盘", "warning", seen, "make room", fix_zh="请腾出空间")


def _encoding() -> Check:
    name = (sys.stdout.encoding or "ascii").lower()
    able = name.startswith(("utf", "gb", "cp936"))
    seen = f"{name}, LANG={os.environ.get('LANG', '')}"
    if able:
        return Check("Chinese on this terminal", "终端中文", "ok", seen)
    fix, fix_zh = "set PYTHONUTF8=1, or a UTF-8 locale", "请设PYTHONUTF8=1，或使用UTF-8语言环境"
    return Check("Chinese on this terminal", "终端中文", "warning", seen, fix, fix_zh=fix_zh)


def _data() -> Check:
    """Makes a few tables, writes them, reads them back and compares all of it with the manifest."""
    import sfbench.api as api

    def make() -> Both:
        with tempfile.TemporaryDirectory(prefix="sfbench-doctor-") as home:
            made = api.generate(tables=["month", "institution", "enterprise"], out=Path(home) / "city")
            found = api.verify(Path(home) / "city")
            if found:
                raise RuntimeError(f"{len(found)} differences between files and manifest")
            firms = made["enterprise"].num_rows
            return f"{firms} firms made, read back and verified", f"已生成{firms}户企业，读回并核验"

    fix = ("set SFBENCH_DEBUG=1 and run `sfbench generate`", "请设SFBENCH_DEBUG=1并运行`sfbench generate`")
    return _tried("a small city", "小型城市试生成", make, fix)


def _tried(en: str, zh: str, look: Callable[[], Both], fix: Both) -> Check:
    """A check whose failure is what it reports; what is seen, and what to do, in English and Chinese."""
    try:
        seen, seen_zh = look()
        return Check(en, zh, "ok", seen, seen_zh=seen_zh)
    except Exception as error:
        return Check(en, zh, "failed", f"{type(error).__name__}: {error}".splitlines()[0], fix[0], fix_zh=fix[1])


def _required() -> list[str]:
    try:
        return importlib.metadata.requires("sfbench") or []
    except importlib.metadata.PackageNotFoundError:  # run from a tree that was never installed
        return []


def _extra_names() -> list[str]:
    return importlib.metadata.metadata("sfbench").get_all("Provides-Extra") or []


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
