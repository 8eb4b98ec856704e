"""What an export of suites carries besides them: it runs where sfbench is not installed."""
