"""Writing many rows at once, past the ORM: keys in advance, COPY, and who it is that writes."""

import json
import uuid


def fresh_keys(cursor, table, how_many):
    """Iterator over new keys of a table, as its sequence gives them to everybody."""
    cursor.execute(
        "SELECT nextval(seq) FROM pg_get_serial_sequence(%s, 'id') AS seq, generate_series(1, %s)", [table, how_many]
    )
    return iter([key for (key,) in cursor.fetchall()])


def copy(cursor, table, columns, rows):
    """COPY of tuples into a table."""
    names = ", ".join(f'"{name}"' for name in columns)
    with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copied:
        for row in rows:
            copied.write_row(row)


def ascribe(cursor, **metadata):
    """Tell the history of this transaction who writes and why: COPY passes by the wrapper that does it elsewhere."""
    cursor.execute(
        "SELECT set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true)",
        [str(uuid.uuid4()), json.dumps(metadata)],
    )
