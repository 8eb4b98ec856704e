"""The unified social credit code in SQL: form, and the check digits of GB 11714 (place 17) and GB 32100 (place 18)."""

from __future__ import annotations

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)  # 3^i mod 31
_ORGANISATION = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # GB 11714-1997
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_CHECKS = "0X987654321"  # by weighted sum mod 11: 11 - sum, where 10 is X and 11 is 0
_FORM = "^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$"


def faulty_codes(column: str, keys: str) -> str:
    """A row query: the keys and codes whose form or check digits are wrong. Each code is computed once, however often
    it occurs. Braces are doubled because GX formats the query."""
    form = _FORM.replace("{", "{{").replace("}", "}}")
    return f"""
WITH codes AS (SELECT DISTINCT {column} AS code FROM {{batch}} WHERE {column} IS NOT NULL),
faulty AS (
    SELECT code FROM codes
    WHERE NOT regexp_matches(code, '{form}')
       OR substr(code, 17, 1) <> substr('{_ORGANISATION_CHECKS}', 1 + ({_organisation_sum()}) % 11, 1)
       OR substr(code, 18, 1) <> substr('{_ALPHABET}', 1 + (31 - ({_sum()}) % 31) % 31, 1)
)
SELECT {keys}, {column} FROM {{batch}} WHERE {column} IN (SELECT code FROM faulty)"""


def _sum() -> str:
    terms = (f"{w} * (strpos('{_ALPHABET}', substr(code, {i}, 1)) - 1)" for i, w in enumerate(_WEIGHTS, 1))
    return " + ".join(terms)


def _organisation_sum() -> str:
    terms = (
        f"{w} * (strpos('{_ORGANISATION}', substr(code, {i}, 1)) - 1)" for i, w in enumerate(_ORGANISATION_WEIGHTS, 9)
    )
    return " + ".join(terms)
