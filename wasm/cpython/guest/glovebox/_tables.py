"""Tables: of dicts, tuples, columns, or what a database gives."""

import sys
from itertools import islice

# What is shown of a table; how many there are besides is said below it.
MOST_ROWS = 200
MOST_COLUMNS = 50
MOST_CHARACTERS = 300


class Table:
    """Rows and columns.

    `data`: dicts, named or plain tuples, sqlite3 rows, a cursor, or a dict of columns. `columns` names them, and
    says which of a dict's are shown.
    """

    def __init__(self, data, columns=None, caption=''):
        names = None if columns is None else [str(name) for name in columns]
        found = _read(data, names)
        if found is None:
            raise TypeError(f'a {type(data).__name__} is no table: a list of dicts or tuples, or a dict of lists is')
        self.columns, self.rows, self.total = found
        if names is not None:
            if len(names) != len(self.columns):
                raise ValueError(f'{len(names)} names for {len(self.columns)} columns')
            self.columns = names
        self.caption = str(caption)

    def __repr__(self):
        count = 'many' if self.total is None else f'{self.total:,}'
        return f'<Table, {count} rows, {len(self.columns)} columns>'

    def shown(self):
        """Names, which columns hold numbers, the cells as text, and how many rows and columns there are in all.

        -1 for the rows where nobody has counted them.
        """
        rows = [row[:MOST_COLUMNS] for row in self.rows]
        columns = self.columns[:MOST_COLUMNS]
        numeric = [bool(rows) and all(_is_number(row[index]) for row in rows) for index in range(len(columns))]
        cells = [[_cell(value) for value in row] for row in rows]
        names = [_cut(str(name)) for name in columns]
        return names, numeric, cells, -1 if self.total is None else self.total, len(self.columns)


def as_table(value):
    """The table that an object is without saying so, or None."""
    found = _read(value, None, False)
    if found is None:
        return None
    table = Table.__new__(Table)
    table.columns, table.rows, table.total = found
    table.caption = ''
    return table


def _read(data, names, explicit=True):
    """Names of the columns, the rows that are shown, and how many there are; None for what is no table."""
    if isinstance(data, dict):
        return _of_columns(data, names)
    if _is_of_sqlite(data, 'Cursor'):
        return _of_cursor(data) if explicit or data.description is not None else None
    if isinstance(data, (list, tuple)) and not hasattr(data, '_fields'):
        return _of_rows(data, names, explicit)
    return None


def _is_of_sqlite(value, name):
    module = sys.modules.get('sqlite3')
    return module is not None and isinstance(value, getattr(module, name))


def _of_columns(data, names):
    chosen = list(data) if names is None else [name for name in names if name in data]
    columns = [data[name] for name in chosen]
    if not columns or not all(isinstance(column, (list, tuple)) for column in columns):
        return None
    counts = {len(column) for column in columns}
    if len(counts) > 1:
        return None
    rows = [list(row) for row in islice(zip(*columns), MOST_ROWS)]
    return [str(name) for name in chosen], rows, counts.pop()


def _of_cursor(cursor):
    if cursor.description is None:
        raise ValueError('the cursor has no rows: execute a SELECT first')
    names = [str(column[0]) for column in cursor.description]
    rows = [list(row) for row in islice(cursor, MOST_ROWS + 1)]
    total = len(rows) if len(rows) <= MOST_ROWS else None
    return names, rows[:MOST_ROWS], total


def _of_rows(data, names, explicit):
    if not data:
        return (names or [], [], 0) if explicit else None
    first = data[0]
    if isinstance(first, dict):
        return _of_dicts(data, names)
    if _is_of_sqlite(first, 'Row'):
        found = list(first.keys())
    elif isinstance(first, tuple):
        found = list(getattr(first, '_fields', ())) or [str(index) for index in range(len(first))]
    elif explicit and isinstance(first, list):
        found = [str(index) for index in range(len(first))]
    else:
        return None
    kind = type(first)
    if not found or not all(type(row) is kind and len(row) == len(found) for row in data):
        return None
    return found, [list(row) for row in data[:MOST_ROWS]], len(data)


def _of_dicts(data, names):
    if not all(isinstance(row, dict) for row in data):
        return None
    # In the order in which the names are met.
    found = names or list(dict.fromkeys(name for row in data for name in row))
    if not found:
        return None
    rows = [[row.get(name, '') for name in found] for row in data[:MOST_ROWS]]
    return [str(name) for name in found], rows, len(data)


def _is_number(value):
    return value is None or value == '' or (isinstance(value, (int, float)) and not isinstance(value, bool))


def _cell(value):
    try:
        if value is None:
            return ''
        if isinstance(value, float):
            return f'{value:.6g}' if type(value) is float else str(value)
        if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 1000:
            return f'an int of {value.bit_length():,} bits'
        return _cut(str(value))
    except Exception as error:
        return f'<{type(error).__name__}>'


def _cut(text):
    return text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS - 1] + '…'
