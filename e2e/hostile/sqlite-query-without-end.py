# expect: cpu, timeout
# Counts the rows of a recursive query that has no end, in one call of C.
import sqlite3

query = 'with recursive n (x) as (select 1 union all select x + 1 from n) select count(*) from n'
sqlite3.connect(':memory:').execute(query).fetchone()
