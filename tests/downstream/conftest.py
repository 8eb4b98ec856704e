"""`ledger/` is a project of its own: only `test_ledger_project.py` runs its tests, in another process."""

collect_ignore = ["ledger"]
