"""Data quality: base suites from the declarations and hand-written ones, judged by Great Expectations on DuckDB.

    report = sfbench.quality.validate("out")
    report.verdict, report.violated, report.to_json()

Great Expectations is imported by the first validation, not by this package.
"""

from sfbench.quality.expectation import SEVERITIES, Expectation, Severity, Suite
from sfbench.quality.report import Finding, Outcome, Report
from sfbench.quality.run import validate

__all__ = ["SEVERITIES", "Expectation", "Finding", "Outcome", "Report", "Severity", "Suite", "validate"]
