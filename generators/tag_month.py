"""Which firm counts as a tech enterprise at which month end, by the lists published until then. Unpublished.

`held` is a (firms, 144) matrix of bits over 2016-01 to 2027-12: IN_SCOPE by the definition of 2025, OLD_SCOPE by the
one of 2024 (without tech SMEs and the city's specialised SMEs: a prior, what the old scope held was not published),
then one bit for each tag in the order of the code list.
"""

import numpy as np

from sfbench.kit import Table, code_list, month_end

TABLE = Table(
    zh="企业资质逐月",
    en="Tags by month",
    published=False,
    key=("firm",),
    columns=(),
    needs=("enterprise_tag",),
    grows="scale",
)

FIRST_MONTH, MONTHS = 2016 * 12, 144
IN_SCOPE, OLD_SCOPE, FIRST_TAG_BIT = 1, 2, 2
OLD_TAGS = ("HNTE", "LITTLE_GIANT", "CHAMPION", "DEMONSTRATION")


def rows(block, needs, params, draw):
    """held: uint16 (firms of the block, months)."""
    spells = needs["enterprise_tag"]
    tags = [code.code for code in code_list("tag")]
    ends = month_end(FIRST_MONTH + np.arange(MONTHS))
    known = np.maximum(spells["valid_from"], spells["published_on"])
    first = np.searchsorted(ends, known)
    last = np.searchsorted(ends, spells["valid_to"], side="right")  # one past the last month end inside the span
    length = np.maximum(last - first, 0)
    old = np.isin(spells["tag"], [tags.index(tag) for tag in OLD_TAGS])
    bits = (IN_SCOPE * spells["in_scope"] + OLD_SCOPE * old) | (1 << (FIRST_TAG_BIT + spells["tag"]))
    row = np.repeat(spells["enterprise_id"] - block.first, length)
    month = np.repeat(first, length) + np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    held = np.zeros((block.count, MONTHS), np.uint16)
    np.bitwise_or.at(held, (row, month), np.repeat(bits.astype(np.uint16), length))
    return {"held": held}
