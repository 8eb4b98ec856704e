"""The plan's figures of copies against their original: balances of the last month, growth, average of a note.

    python benchmarks/plan_figures.py ORIGINAL COPY [COPY ...]

Prints a Markdown table: the original in 100 million yuan, and the mean of the copies against it in percent.
"""

import statistics
import sys
from pathlib import Path

import sfbench

BALANCES = {
    "all loans": "true",
    "tech loans": "tech_enterprise OR tech_use",
    "of tech enterprises": "tech_enterprise",
    "for tech uses": "tech_use",
    "both": "tech_enterprise AND tech_use",
    "high-tech manufacturing": "htp IS NOT NULL",
    "high-tech services": "hts IS NOT NULL",
    "strategic emerging": "n.se IS NOT NULL",
    "patent-intensive": "pa IS NOT NULL",
    "borrowers in clusters": "cluster_id IS NOT NULL",
    "green": "green",
}
SQL = """
    SELECT sum(balance_rmb) FILTER ({which})::DOUBLE / 1e8 FROM loan_balance JOIN loan AS n USING (loan_id)
    JOIN enterprise USING (enterprise_id) WHERE month = DATE '{year}-12-31'
"""
AVERAGE = "SELECT avg(balance_rmb)::DOUBLE / 1e6 FROM loan_balance WHERE month = DATE '{year}-12-31'"


def main() -> None:
    original, *copies = (figures(Path(folder)) for folder in sys.argv[1:])
    print("| figure | original | copies | growth over 12 months, original | copies |\n|---|---|---|---|---|")
    for name in BALANCES:
        theirs, grown = original[name]
        off = statistics.mean(copy[name][0] for copy in copies) / theirs - 1
        ours = statistics.mean(copy[name][1] for copy in copies)
        print(f"| {name} | {theirs:.0f} | {100 * off:+.0f} % | {grown:+.1f} % | {ours:+.1f} % |")
    for at, year in enumerate((2022, 2027)):
        ours = statistics.mean(copy["average"][at] for copy in copies)
        print(f"| average balance of {year}-12, million yuan | {original['average'][at]:.2f} | {ours:.2f} | | |")


def figures(folder: Path) -> dict[str, tuple[float, float]]:
    """name -> (value, growth over twelve months in percent); the average balances of 2022 and 2027."""
    con = sfbench.open(folder)
    out = {}
    for name, which in BALANCES.items():
        now, before = (float(con.sql(SQL.format(which=which, year=y)).fetchall()[0][0]) for y in (2027, 2026))
        out[name] = (now, 100 * (now / before - 1))
    early, late = (float(con.sql(AVERAGE.format(year=y)).fetchall()[0][0]) for y in (2022, 2027))
    return out | {"average": (early, late)}


if __name__ == "__main__":
    main()
