"""Entries linked within a borrower and bank by day, amount and codes that may be mistyped."""

from sfbench.bench.kit import Method
from sfbench.bench.registers import linked_total

METHOD = Method(
    zh="分块模糊关联",
    en="Blocked fuzzy linkage",
    task="indicator",
    question="register_total",
    source="Fellegi and Sunter 1969; Christen 2012, Data Matching, chapters 4 to 6",
    source_zh="Fellegi和Sunter 1969；Christen 2012《数据匹配》，第4至6章",
)

DAYS, TYPOS = 14, 3  # how far apart days of one grant are written, how many edits a mistyped code is off

# Names are whole everywhere, so a borrower's entries at one bank are the block. A firm's codes follow each other:
# one that is near another is a slip only if amount or day agree. Letters that look like digits are read as these.
PAIRS = f"""
WITH entry AS (
    SELECT row_number() OVER (ORDER BY entry_id) - 1 AS place, translate(note_code, 'OI', '01') AS code, *
    FROM register_entry
)
SELECT a.place AS one, b.place AS other
FROM entry AS a
JOIN entry AS b
    ON a.borrower_name = b.borrower_name AND a.lender_id = b.lender_id AND a.place < b.place
    AND abs(date_diff('day', a.granted_on, b.granted_on)) <= {DAYS}
WHERE a.code = b.code
    OR (a.amount = b.amount OR a.granted_on = b.granted_on)
        AND coalesce(damerau_levenshtein(a.code, b.code) <= {TYPOS}, true)
"""


def answer(con, card):
    """The sum over clusters of linked entries."""
    return linked_total(con, card, PAIRS)
