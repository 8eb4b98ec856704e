"""The Chinese README holds the same commands and the same links as the English one; all of them are real."""

import re
import shlex

import typer

from sfbench.cli.app import app
from sfbench.world.plan import LEAST_FIRMS, plan
from tests.world.shared import ROOT

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_REMARK = re.compile(r"\s*  # .*$")
ENGLISH, CHINESE = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh.md"))


def commands(text):
    """Code blocks without their remarks."""
    found = _BLOCK.findall(text)
    assert len(found) == 4
    return [(kind, [_REMARK.sub("", line) for line in block.splitlines()]) for kind, block in found]


def links(text):
    return {link for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text) if "://" not in link}


def test_commands_and_python_are_the_same_in_both_languages():
    assert commands(CHINESE) == commands(ENGLISH)


def test_each_leads_to_the_other_and_every_link_leads_somewhere():
    assert "README.zh.md" in links(ENGLISH) and "README.md" in links(CHINESE)
    assert [link for link in links(ENGLISH) | links(CHINESE) if not (ROOT / link).exists()] == []


def test_the_chinese_readme_has_the_same_parts():
    parts = [[line.count("#") for line in text.splitlines() if re.match("#+ ", line)] for text in (ENGLISH, CHINESE)]
    assert parts[0] == parts[1]
    lists = [re.findall(r"^- ", text, re.MULTILINE) for text in (ENGLISH, CHINESE)]
    assert lists[0] == lists[1]


def test_every_verb_and_option_of_the_readme_is_there():
    lines = [line for _, block in commands(ENGLISH) for line in block if line.startswith("sfbench ")]
    assert len(lines) > 25
    for line in lines:
        words = shlex.split(line)[1:]
        command = typer.main.get_command(app)
        while words and hasattr(command, "commands"):
            command = command.commands[words.pop(0)]
        known = {option for one in command.params for option in one.opts}
        assert [word for word in words if word.startswith("--") and word not in known] == [], line


def test_the_numbers_of_firms_are_those_of_the_code():
    least, tiny = (f"{number:,}" for number in (LEAST_FIRMS, plan("baseline", scale="tiny").firms))
    for name, said in (("README.md", f"at least {least}\nfirms"), ("README.zh.md", f"至少含{least}家企业")):
        assert said in (ROOT / name).read_text(encoding="utf-8")
    for name, said in (("first-dataset.md", f"{tiny} firms"), ("first-dataset.zh.md", f"{tiny}家企业")):
        assert said in (ROOT / "docs/tutorials" / name).read_text(encoding="utf-8")
