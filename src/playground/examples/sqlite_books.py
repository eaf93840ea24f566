"""A database in a file of the project: it is still there after a reload."""
import sqlite3
from contextlib import closing

BOOKS = [
    ("Ada Lovelace", "Notes on the Analytical Engine", 1843),
    ("Grace Hopper", "The Education of a Computer", 1952),
    ("Margaret Hamilton", "Apollo Guidance Software", 1969),
    ("Barbara Liskov", "Abstraction and Specification", 1986),
]

with closing(sqlite3.connect("books.db")) as database:
    database.execute("create table if not exists book(author, title, year integer)")
    if not database.execute("select count(*) from book").fetchone()[0]:
        database.executemany("insert into book values (?, ?, ?)", BOOKS)
        database.commit()
    for year, title, author in database.execute(
        "select year, title, author from book where year > ? order by year", (1900,)
    ):
        print(f"{year}  {title:32} {author}")
