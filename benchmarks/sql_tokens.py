"""A query of a metric or mart as tokens, by which parts of it are found that are replaced."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

TOKEN = re.compile(
    r"""(?P<comment>--[^\n]*) | (?P<string>'(?:[^']|'')*') | (?P<quoted>"[^"]*")
    | (?P<number>\d+(?:\.\d+)?(?:e\d+)?) | (?P<word>[A-Za-z_]\w*)
    | (?P<sign><=|>=|<>|!=|\|\||::|[-+*/%<>=(),.;]) | (?P<space>\s+) | (?P<other>.)""",
    re.DOTALL | re.VERBOSE,
)
CLAUSES = {  # words that begin the next part of a query
    "ANTI", "ASOF", "CROSS", "EXCEPT", "FROM", "FULL", "GROUP", "HAVING", "INNER", "INTERSECT", "JOIN", "LEFT",
    "LIMIT", "ON", "ORDER", "QUALIFY", "SELECT", "SEMI", "UNION", "UNPIVOT", "USING", "WHERE", "WINDOW",
}  # fmt: skip
OPERATORS = {"AND", "OR", "NOT", "WHEN", "IN"}  # words before a parenthesis that is no call
CLOSING = {")", "END", ";"}


class Token(NamedTuple):
    kind: str
    text: str
    start: int

    @property
    def word(self) -> str:
        return self.text.upper() if self.kind == "word" else self.text

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class Query:
    """The tokens of a query, by number, without its comments.

    `closing` and `opening` are parentheses, and CASE and its END; `upper` is the AND of each BETWEEN.
    """

    def __init__(self, sql: str) -> None:
        found = [Token(str(one.lastgroup), one[0], one.start()) for one in TOKEN.finditer(sql)]
        self.sql, self.tokens = sql, [token for token in found if token.kind not in ("comment", "space")]
        self.closing: dict[int, int] = {}
        open_ones: list[int] = []
        for at, token in enumerate(self.tokens):
            if token.word in ("(", "CASE"):
                open_ones.append(at)
            elif token.word in (")", "END"):
                self.closing[open_ones.pop()] = at
        self.opening = {last: first for first, last in self.closing.items()}
        betweens = [at for at, token in enumerate(self.tokens) if token.word == "BETWEEN"]
        self.upper = {at: self.until(at + 1, {"AND"}) for at in betweens}

    def word(self, at: int) -> str:
        """A token in upper case, or as it stands if it is no word; nothing beyond the query."""
        return self.tokens[at].word if 0 <= at < len(self.tokens) else ""

    def text(self, first: int, last: int) -> str:
        """What stands from one token to another, both included."""
        return self.sql[self.tokens[first].start : self.tokens[last].end]

    def after(self, at: int) -> int:
        """The token after this one, or after what it opens."""
        return self.closing.get(at, at) + 1

    def until(self, at: int, words: Collection[str]) -> int:
        """The first token from here on the same level that is one of these words or ends the level."""
        while at < len(self.tokens) and self.word(at) not in CLOSING and self.word(at) not in words:
            at = self.after(at)
        return at

    def parts(self, first: int, end: int, separator: str) -> list[tuple[int, int]]:
        """First and last token of what separators of one level part, before `end`; the AND of a BETWEEN is none."""
        found, start, at = [], first, first
        while at < end:
            if self.word(at) == separator and at not in self.upper.values():
                found.append((start, at - 1))
                start = at + 1
            at = self.after(at)
        return [*found, (start, end - 1)]

    def arguments(self, parenthesis: int) -> list[tuple[int, int]]:
        return self.parts(parenthesis + 1, self.closing[parenthesis], ",")

    def operand(self, last: int) -> int:
        """Where the name, number, call or CASE that ends with this token begins."""
        first = self.opening.get(last, last)
        if self.word(first) == "(" and self.tokens[first - 1].kind == "word":
            first -= self.word(first - 1) not in CLAUSES | OPERATORS
        while self.word(first - 1) == ".":
            first -= 2
        return first
