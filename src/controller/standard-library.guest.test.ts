import { describe, expect } from 'vitest';
import { guestIt as it } from '../testing/guest-test';

describe('the standard library', () => {
  it.for([
    ['sqlite3', 'sqlite3.connect(":memory:").execute("select 6 * 7").fetchone()', [42]],
    ['zlib', 'zlib.decompress(zlib.compress(b"a" * 10**6)) == b"a" * 10**6', true],
    ['bz2', 'bz2.decompress(bz2.compress(b"abc" * 1000)) == b"abc" * 1000', true],
    ['lzma', 'lzma.decompress(lzma.compress(b"abc" * 1000)) == b"abc" * 1000', true],
    ['gzip', 'gzip.decompress(gzip.compress(b"abc"))', Uint8Array.of(97, 98, 99)],
    ['json', 'json.loads(json.dumps({"a": [1, None, "é"]}))["a"]', [1, null, 'é']],
    ['decimal', 'str(decimal.Decimal("0.1") + decimal.Decimal("0.2"))', '0.3'],
    ['fractions', 'str(fractions.Fraction(1, 3) + fractions.Fraction(1, 6))', '1/2'],
    ['statistics', 'statistics.median([3, 1, 2])', 2],
    ['datetime', 'str(datetime.date(2026, 2, 28) + datetime.timedelta(days=1))', '2026-03-01'],
    ['zoneinfo', 'str(zoneinfo.ZoneInfo("Europe/Berlin"))', 'Europe/Berlin'],
    ['hashlib', 'hashlib.sha256(b"").hexdigest()[:8]', 'e3b0c442'],
    ['hashlib', 'hashlib.blake2b(b"", digest_size=4).hexdigest()', '1271cf25'],
    ['unicodedata', 'unicodedata.name("é")', 'LATIN SMALL LETTER E WITH ACUTE'],
    ['xml.etree.ElementTree', 'xml.etree.ElementTree.fromstring("<a><b/></a>")[0].tag', 'b'],
    ['csv', 'list(csv.reader(["a,\\"b,c\\""]))', [['a', 'b,c']]],
    ['re', 're.sub(r"(\\w+) (\\w+)", r"\\2 \\1", "hello world")', 'world hello'],
    ['pickle', 'pickle.loads(pickle.dumps({1: (2, 3)}))', new Map([[1, [2, 3]]])],
    ['struct', 'struct.unpack("<I", b"\\x01\\x00\\x00\\x00")', [1]],
    ['array', 'sum(array.array("d", [1.5, 2.5]))', 4],
    ['base64', 'base64.b64encode(b"hi").decode()', 'aGk='],
    ['textwrap', 'textwrap.shorten("a b c d", 5)', '[...]'],
    ['email', 'email.message_from_string("Subject: x\\n\\n")["subject"]', 'x'],
    ['html', 'html.escape("<a>")', '&lt;a&gt;'],
    ['urllib.parse', 'urllib.parse.quote("a b")', 'a%20b'],
    ['configparser', 'configparser.ConfigParser().sections()', []],
    ['tomllib', 'tomllib.loads("a = 1")["a"]', 1],
    ['encodings.shift_jis', '"\\u65e5".encode("shift_jis")', Uint8Array.of(0x93, 0xfa)],
    ['graphlib', 'list(graphlib.TopologicalSorter({2: {1}}).static_order())', [1, 2]],
  ] as const)('has %s: %s', async ([name, expression, value], { shared }) => {
    await shared.run(`import ${name}`);
    expect(await shared.sandbox.evaluate(expression)).toEqual(value);
  });

  it('knows the time zones of the world', async ({ shared }) => {
    await shared.run('import datetime\nfrom zoneinfo import ZoneInfo, available_timezones');
    const noon = 'datetime.datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Europe/Berlin"))';
    expect(await shared.sandbox.evaluate(`str(${noon})`)).toBe('2026-07-01 12:00:00+02:00');
    expect(await shared.sandbox.evaluate('len(available_timezones()) > 400')).toBe(true);
  });

  it('keeps databases in files', async ({ open }) => {
    const python = await open();
    const source = (statement: string) =>
      `import sqlite3\nwith sqlite3.connect("/home/a.db") as db: ${statement}\ndb.close()`;
    await python.run(
      source('db.execute("create table t (n)"); db.execute("insert into t values (7)")'),
    );
    await python.sandbox.restart();
    await python.run(source('rows = db.execute("select n from t").fetchall()'));
    expect(await python.sandbox.evaluate('rows')).toEqual([[7]]);
  });

  it('explains itself with help()', async ({ open }) => {
    const python = await open();
    expect(await python.printed('help(len)')).toContain(
      'Return the number of items in a container.',
    );
    expect(await python.printed('import json\nhelp(json.dumps)')).toContain('Serialize ``obj``');
    expect(await python.printed('help("for")')).toContain('The "for" statement');
  });

  it('can be imported as a whole, but for what WASI lacks', async ({ shared }) => {
    const failed = await shared.printed(`
import importlib, pkgutil, sys
failed = []
for name in sorted(sys.stdlib_module_names):
    if name.startswith('_') or name in ('antigravity', 'this', 'idlelib', 'turtledemo'): continue
    try: importlib.import_module(name)
    except ImportError: failed.append(name)
print(*failed)
`);
    expect(failed.trim().split(' ').sort()).toEqual(
      [
        ...['msvcrt', 'nt', 'winreg', 'winsound'],
        ...['ctypes', 'curses', 'fcntl', 'grp', 'mmap', 'pty', 'pwd', 'readline', 'resource'],
        ...['ssl', 'syslog'],
        'ensurepip',
      ].sort(),
    );
  });
});

describe('asyncio', () => {
  it('waits for several tasks at once', async ({ open }) => {
    const python = await open();
    await python.run('import asyncio');
    const outcome = await python.run(`
async def nap(n):
    await asyncio.sleep(0.2)
    return n
async def main():
    return await asyncio.gather(nap(1), nap(2), nap(3))
result = asyncio.run(main())
`);
    expect(outcome.status).toBe('ok');
    expect(outcome.wallMs).toBeGreaterThan(190);
    expect(outcome.wallMs).toBeLessThan(500);
    expect(await python.sandbox.evaluate('result')).toEqual([1, 2, 3]);
  });

  it('has queues, timeouts, task groups and call_later', async ({ open }) => {
    const python = await open();
    expect(
      await python.printed(`
import asyncio
async def main():
    queue = asyncio.Queue(1)
    async def produce():
        for n in range(3): await queue.put(n)
    async with asyncio.TaskGroup() as group:
        group.create_task(produce())
        print([await queue.get() for _ in range(3)])
    try:
        async with asyncio.timeout(0.02): await asyncio.sleep(60)
    except TimeoutError: print('timeout')
    done = asyncio.Event()
    asyncio.get_running_loop().call_later(0.01, done.set)
    await done.wait()
asyncio.run(main())
`),
    ).toBe('[0, 1, 2]\ntimeout\n');
  });

  it('asks for the time only where something is scheduled', async ({ open }) => {
    const calls: string[] = [];
    const python = await open({ onHostCall: ({ name }) => calls.push(name) });
    await python.run(`
import asyncio
async def spin(turns):
    for turn in range(turns): await asyncio.sleep(0)
async def spin_until_due():
    due = asyncio.Event()
    asyncio.get_running_loop().call_later(0.01, due.set)
    while not due.is_set(): await asyncio.sleep(0)
with asyncio.Runner() as runner: runner.run(spin(1))
`);
    const asked = async (task: string): Promise<number> => {
      calls.length = 0;
      expect(await python.run(`asyncio.run(${task})`)).toMatchObject({ status: 'ok' });
      return calls.filter((name) => name === 'clock_time_get').length;
    };
    expect(await asked('spin(1000)')).toBeLessThan(20);
    expect(await asked('spin_until_due()')).toBeGreaterThan(10);
  });

  it.for([
    ['asyncio.open_connection("localhost", 80)'],
    ['asyncio.create_subprocess_exec("ls")'],
    ['asyncio.to_thread(print)'],
  ])("refuses %s with Python's own exception", async ([call], { open }) => {
    const python = await open();
    const outcome = await python.run(`
import asyncio
async def main(): await ${call}
asyncio.run(main())
`);
    expect(outcome).toMatchObject({ status: 'error', alive: true });
    expect(await python.run('asyncio.run(asyncio.sleep(0))')).toMatchObject({ status: 'ok' });
  });
});

describe('source that is no Python', () => {
  it('with NUL bytes is a SyntaxError', async ({ shared }) => {
    const outcome = await shared.run('x = 1\0\n');
    expect(outcome).toMatchObject({ status: 'error', error: { type: 'SyntaxError' } });
  });

  it('that is not UTF-8 is a SyntaxError', async ({ shared }) => {
    const outcome = await shared.run(Uint8Array.of(0x78, 0x3d, 0x22, 0xff, 0x22));
    expect(outcome).toMatchObject({ status: 'error', error: { type: 'SyntaxError' } });
  });

  it('that declares its encoding is read in that', async ({ open }) => {
    const python = await open();
    await python.run(Buffer.from('# coding: latin-1\nx = "é"', 'latin1'));
    expect(await python.sandbox.evaluate('x')).toBe('é');
  });

  it.for([
    ['a sum', `x = ${'1 + '.repeat(2_500_000)}1`],
    ['brackets', '('.repeat(10_000_000)],
    ['a text that does not end', `x = "${'a'.repeat(10_000_000)}`],
    ['an operator', `x = ${'-'.repeat(10_000_000)}1`],
  ] as const)(
    'in one line of 10 MB, %s, does not kill the guest',
    // The parser takes half a gigabyte for the sum; a machine may need long to hand that out.
    { timeout: 180_000 },
    async ([, source], { open }) => {
      const limits = { heapBytes: 2 ** 31, wallMs: 150_000, cpuMs: 150_000 };
      const python = await open({ limits });
      const outcome = await python.run(source);
      expect(['error', 'memory', 'ok']).toContain(outcome.status);
      expect(await python.sandbox.evaluate('6 * 7')).toBe(42);
    },
  );

  it('of 10 MB that is Python runs', async ({ open }) => {
    const python = await open();
    const outcome = await python.run(`x = "${'a'.repeat(10_000_000)}"`);
    expect(outcome).toMatchObject({ status: 'ok' });
    expect(await python.sandbox.evaluate('len(x)')).toBe(10_000_000);
  });
});
