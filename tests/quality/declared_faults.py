"""What breaks each expectation that a declaration alone makes of a row: cells to put into one."""

AFTER_THE_WINDOW = "DATE '2028-01-01'"
GARBLED = "娣卞湷甯傛湁闄愬叕鍙�"
NOWHERE = {"key": "-1", "date": AFTER_THE_WINDOW}  # by kind: what no other table holds
SOME = {"date": "DATE '2020-01-01'", "text": "'某'", "flag": "true"}  # by kind: what a cell may hold


def faults(table):
    """(claim, cells of a copy of the first row that break it) of all that the declaration says of rows."""
    yield "key", {}
    for column in table.columns:
        name = column.name
        if not column.nullable:
            yield f"{name}.not_null", {name: "NULL"}
        if column.values:
            yield f"{name}.codes", {name: "'§'"}
        for bound, step in ((column.low, -1), (column.high, 1)):
            if bound is not None:
                yield f"{name}.range", {name: f"{bound} + {step}"}
        for day, step in ((column.low_on, -1), (column.high_on, 1)):
            if day:
                yield f"{name}.range", {name: f"DATE '{day}' + {step}"}
        if column.references:
            yield f"{name}.reference", {name: NOWHERE.get(column.kind, "'§'")}
        if column.check:
            yield f"{name}.check", {name: "'91440391MA00100105'"}
        if column.kind == "text":
            yield f"{name}.text", {name: f"'{GARBLED}'"}
        if column.known_on:
            some = f"'{column.values[0].code}'" if column.values else SOME.get(column.kind, "1")
            yield f"{name}.known", {column.known_on: "NULL", name: some}
    for name in {table.event_on, table.known_on}:
        yield f"{name}.window", {name: AFTER_THE_WINDOW}
