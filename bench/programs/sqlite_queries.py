"""A small shop in a database in memory. Stresses: sqlite3, parameters, rows, joins, a function in Python."""

import sqlite3


def run(size):
    database = sqlite3.connect(':memory:')
    database.executescript(
        """
        CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT, town TEXT);
        CREATE TABLE item (id INTEGER PRIMARY KEY, customer INTEGER, price REAL, label TEXT);
        CREATE INDEX item_customer ON item (customer);
        """
    )
    database.create_function('shorten', 1, lambda text: text[:3], deterministic=True)
    customers = max(10, size // 20)
    with database:
        database.executemany(
            'INSERT INTO customer VALUES (?, ?, ?)',
            ((n, f'name{n}', f'town{n % 17}') for n in range(customers)),
        )
        database.executemany(
            'INSERT INTO item (customer, price, label) VALUES (?, ?, ?)',
            ((n * 7 % customers, n % 1000 / 4, f'label{n * 31 % 977}') for n in range(size)),
        )
    towns = database.execute(
        """
        SELECT town, COUNT(*), SUM(price), MAX(label) FROM customer
        JOIN item ON item.customer = customer.id
        GROUP BY town ORDER BY SUM(price) DESC, town
        """
    ).fetchall()
    single = 0
    for n in range(size // 4):
        row = database.execute('SELECT name, town FROM customer WHERE id = ?', (n % customers,))
        single += len(row.fetchone()[0])
    with database:
        changed = database.execute(
            "UPDATE item SET price = price * 2 WHERE label LIKE 'label1%'"
        ).rowcount
        deleted = database.execute('DELETE FROM item WHERE price < 10').rowcount
    short = database.execute('SELECT COUNT(DISTINCT shorten(label || id)) FROM item').fetchone()[0]
    ordered = [row[0] for row in database.execute('SELECT id FROM item ORDER BY label, price, id')]
    database.close()
    return f'{towns[0]} {single} {changed} {deleted} {short} {ordered[len(ordered) // 2]}'
