"""Entries linked across the names of a group, as far as no code speaks against it."""

from sfbench.bench.kit import Method
from sfbench.bench.registers import linked_total

METHOD = Method(
    zh="集团内模糊关联",
    en="Fuzzy linkage within groups",
    task="indicator",
    question="register_total",
    source="Fellegi and Sunter 1969; Christen 2012, Data Matching, chapters 4 to 6",
    source_zh="Fellegi和Sunter 1969；Christen 2012《数据匹配》，第4至6章",
)

DAYS, TYPOS = 14, 3  # as in `register_linkage`

# A register may name the group for the firm, so the block is the word that the names of a group share, at one bank. A
# group's entry may be of any sister: it needs the amount as well, and codes that are there have to agree.
PAIRS = f"""
WITH entry AS (
    SELECT
        row_number() OVER (ORDER BY entry_id) - 1 AS place,
        translate(note_code, 'OI', '01') AS code,
        borrower_name LIKE '%（集团）' AS grouped,
        CASE WHEN grouped THEN replace(borrower_name, '（集团）', '') ELSE substr(borrower_name, 4, 2) END AS word,
        *
    FROM register_entry
)
SELECT a.place AS one, b.place AS other
FROM entry AS a
JOIN entry AS b
    ON a.word = b.word AND a.lender_id = b.lender_id AND a.place < b.place
    AND abs(date_diff('day', a.granted_on, b.granted_on)) <= {DAYS}
WHERE a.code = b.code
    OR (a.borrower_name = b.borrower_name OR a.grouped OR b.grouped)
        AND (a.amount = b.amount OR a.granted_on = b.granted_on AND a.borrower_name = b.borrower_name)
        AND coalesce(damerau_levenshtein(a.code, b.code) <= {TYPOS}, true)
        AND coalesce(damerau_levenshtein(a.borrower_uscc, b.borrower_uscc) <= {TYPOS}, true)
"""


def answer(con, card):
    """The sum over clusters of linked entries."""
    return linked_total(con, card, PAIRS)
