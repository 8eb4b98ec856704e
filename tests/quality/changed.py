"""Tables with a fault in them for a while."""

from contextlib import contextmanager


@contextmanager
def changed(connection, *statements):
    """While open, the tables are as these statements leave them."""
    connection.execute("BEGIN")
    try:
        for statement in statements:
            connection.execute(statement)
        yield
    finally:
        connection.execute("ROLLBACK")
