# expect: memory
# Fills the heap with the pages of a database in memory.
import sqlite3

database = sqlite3.connect(':memory:')
database.execute('create table hoard (content)')
while True:
    database.execute('insert into hoard values (zeroblob(1000000))')
