/** For tests: programs whose every run is another one, unless it is replayed. */

export interface RecordedProgram {
  readonly source: string;
  /** Lines that are typed when it asks. */
  readonly input?: readonly string[];
}

export const recordedPrograms: Readonly<Record<string, RecordedProgram>> = {
  'random numbers': {
    source: `
import os, random, secrets
print(random.random(), random.sample(range(100), 5), secrets.token_hex(8), os.urandom(5))
random.seed(1)
print(random.random())`,
  },
  'time of day': {
    source: `
import time, datetime
print(time.time_ns(), datetime.datetime.now(), time.strftime('%H:%M:%S'), time.process_time())
began = time.perf_counter()
time.sleep(0.02)
print(time.perf_counter() - began, time.monotonic())`,
  },
  files: {
    source: `
import os
with open('/home/notes.txt', 'w+') as notes:
    notes.writelines(f'line {n}\\n' for n in range(2000))
    notes.seek(100)
    print(repr(notes.read(20)), notes.tell())
os.rename('/home/notes.txt', '/home/kept.txt')
print(os.stat('/home/kept.txt'), open('/home/kept.txt', 'rb').read()[-9:])
for name in ('/home/missing', '/usr/new', 'bad\\0name', b'/home/\\xff'):
    try: open(name)
    except (OSError, ValueError) as error: print(type(error).__name__, error)`,
  },
  'files of the page': {
    source: `
import os
print(open('/data/given.txt').read())
with open('/data/log.txt', 'a') as log: print(log.write('x' * 3000), log.tell())
os.sync() if hasattr(os, 'sync') else None
os.makedirs('/data/a/b/c', exist_ok=True)
print(sorted(os.listdir('/data')), os.stat('/data/log.txt').st_mtime_ns)`,
  },
  input: {
    source: `
name = input('Name? ')
ages = [int(input(f'Age {n}? ')) for n in range(2)]
print('Hello', name, sum(ages))
import sys
print(repr(sys.stdin.readline()))
try: input('More? ')
except EOFError as error: print('no more', error)`,
    input: ['Ada\n', '36\n', '12\n', 'the last\n'],
  },
  sqlite: {
    source: `
import sqlite3
book = sqlite3.connect('/home/book.db')
book.execute('create table seen (name text, at text default current_timestamp, what integer)')
book.executemany('insert into seen (name, what) values (?, random())', [(f'n{n}',) for n in range(200)])
book.commit()
print(book.execute('select * from seen order by what limit 3').fetchall())
print(sqlite3.connect('/home/book.db').execute('select count(*), sum(length(name)) from seen').fetchone())`,
  },
  'os.walk': {
    source: `
import os
for n in range(4): os.makedirs(f'/tmp/tree/{n}/leaf{n * n}'); open(f'/tmp/tree/{n}/file', 'w').close()
for folder, folders, files in os.walk('/tmp/tree'): print(folder, folders, files)
print(len(list(os.walk('/usr/lib/python3.13/json'))))`,
  },
  tempfile: {
    source: `
import tempfile, os
with tempfile.TemporaryDirectory() as folder:
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file: file.write(b'x' * 70_000)
    print(file.name, os.path.getsize(file.name), tempfile.mkdtemp())`,
  },
  uuid: {
    source: `
import uuid
print(uuid.uuid1(), uuid.uuid4(), uuid.uuid4().hex)`,
  },
  asyncio: {
    source: `
import asyncio, time
async def worker(name, pause):
    for n in range(4):
        await asyncio.sleep(pause)
        print(name, n, time.monotonic_ns() % 1000)
    return name
async def main():
    print(await asyncio.gather(worker('a', 0.004), worker('b', 0.003), worker('c', 0.0041)))
asyncio.run(main())`,
  },
  'input between prints': {
    source: `
import sys, time
for n in range(3):
    print('stdout', n, end=' ')
    print('stderr', time.time_ns() % 10_000, file=sys.stderr, flush=True)
    print(input(f'{n}> ').upper())`,
    input: ['one\n', 'two\n', 'three\n'],
  },
  'order of sets': {
    source: `
class Thing: pass
names = {f'name {n}' for n in range(50)}
things = {Thing() for n in range(20)}
print(list(names), hash('text'), hash((1, 'two', b'three')), [id(thing) for thing in things], object())`,
  },
  'exceptions and tracebacks': {
    source: `
import random, traceback
def deep(n):
    if n == 0: raise ValueError(f'at {random.random()}')
    try: deep(n - 1)
    except ValueError as error: raise RuntimeError(n) from error
try: deep(3)
except RuntimeError: traceback.print_exc()
def forever(n): return forever(n + 1)
try: forever(0)
except RecursionError as error: print(error)
{}[random.randint(1, 10**9)]`,
  },
};

/** As an option of a sandbox: each line when it is asked for, then the end. */
export function linesOf({ input = [] }: RecordedProgram): () => Promise<string | null> {
  const left = [...input];
  return () => Promise.resolve(left.shift() ?? null);
}
