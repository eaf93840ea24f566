/** `npm run test:codec` runs this with many more values and messages. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { marshal } from '../capability/marshal';
import { unmarshal } from '../capability/unmarshal';
import type { GuestValue } from '../capability/value';
import { ValueError } from '../errors';
import { anyValue, canonical, shown } from '../testing/any-value';
import { guestIt, type OpenedSandbox } from '../testing/guest-test';
import { MemoryVolume } from '../volume/memory-volume';
import { VolumeFiles } from '../volume/volume-files';

const COUNT = Number(process.env.GLOVEBOX_CODEC_VALUES ?? 20_000);
const BATCH = 2000;
const SEED = 20_261_126;
/** Far more than any message here needs; a reader that took a claimed length for true would be past it. */
const HEAP_BYTES = 96 * 2 ** 20;
/** For a hundred messages of some hundred bytes, on a machine that does other things too. */
const PATIENCE_MS = 2000;
const timeout = 120_000 + COUNT * 2;

const PROGRAM = `
import dataclasses, datetime, math, random, struct, sys, time
from _glovebox import dumps, loads
from glovebox import Record

@dataclasses.dataclass
class Point:
    x: object
    y: object = None

@dataclasses.dataclass(frozen=True, slots=True)
class Pair:
    left: object
    right: object

dice = random.Random(${SEED})

# What random has for these takes several times as long.
def below(end): return int(dice.random() * end)
def one_of(choices): return choices[below(len(choices))]

def text():
    # A pair of surrogates is one character to JavaScript: those are joined before.
    top = one_of((0x80, 0x800, 0x10000, 0x110000))
    made = ''.join(chr(below(top)) for _ in range(below(8)))
    if dice.random() < 0.1: made += chr(0xd800 + below(0x800))
    return made.encode('utf-16', 'surrogatepass').decode('utf-16', 'surrogatepass')

def number():
    return one_of((1, -1)) * dice.getrandbits(one_of((1, 8, 31, 32, 33, 53, 54, 64, 200, 1500)))

def double():
    if dice.random() < 0.2: return one_of((0.0, -0.0, math.inf, -math.inf, math.nan, 5e-324, 2.0**53, 1e22))
    return struct.unpack('<d', dice.randbytes(8))[0] if dice.random() < 0.5 else dice.uniform(-1e6, 1e6)

def moment():
    zone = datetime.timezone(datetime.timedelta(minutes=below(2879) - 1439))
    micro = one_of((0, 1000 * below(1000), below(10**6)))
    return datetime.datetime(2 + below(9997), 1 + below(12), 1 + below(28),
                             below(24), below(60), below(60), micro, zone)

def key(depth=0):
    kind = below(8 if depth < 2 else 5)
    if kind < 2: return text()
    if kind < 4: return number()
    if kind == 4: return one_of((None, True, False, 0.5, b'ab'))
    if kind == 5: return tuple(key(depth + 1) for _ in range(below(3)))
    if kind == 6: return frozenset(key(depth + 1) for _ in range(below(3)))
    return moment()

def value(depth=0):
    kind = below(16 if depth < 3 else 8)
    some = range(below(4))
    if kind == 0: return one_of((None, True, False))
    if kind < 3: return number()
    if kind == 3: return double()
    if kind < 6: return text()
    if kind == 6: return one_of((bytes, bytearray, memoryview))(dice.randbytes(below(12)))
    if kind == 7: return moment()
    if kind < 10: return [value(depth + 1) for _ in some]
    if kind == 10: return tuple(value(depth + 1) for _ in some)
    if kind < 13: return {key(): value(depth + 1) for _ in some}
    if kind == 13: return one_of((set, frozenset))(key() for _ in some)
    if kind == 14: return Record(text(), **{text(): value(depth + 1) for _ in some})
    return one_of((Point, Pair))(value(depth + 1), value(depth + 1))

def same(sent, came):
    """Whether that is what docs/values.md says of a value that has been to the page and back."""
    kind = type(sent)
    if kind is float:
        if sent.is_integer() and abs(sent) < 2**53 and not (sent == 0 and math.copysign(1, sent) < 0):
            return type(came) is int and came == sent
        if sent != sent: return type(came) is float and came != came
        return type(came) is float and struct.pack('<d', came) == struct.pack('<d', sent)
    if kind in (bytes, bytearray, memoryview): return type(came) is bytes and came == sent
    if kind in (list, tuple): return type(came) is list and len(came) == len(sent) and all(map(same, sent, came))
    if kind is dict:
        return type(came) is dict and list(came) == list(sent) and all(map(same, sent.values(), came.values()))
    if kind in (set, frozenset): return type(came) is set and came == sent
    if kind is datetime.datetime: return came == sent and came.tzinfo is datetime.UTC
    if kind in (Point, Pair, Record):
        if kind is Record: name, fields = sent.__record_name__, vars(sent)
        else: name, fields = kind.__name__, {field.name: getattr(sent, field.name) for field in dataclasses.fields(sent)}
        # In an object of JavaScript whole numbers come first.
        ordered = lambda fields: dict(sorted(fields.items()))
        return type(came) is Record and came.__record_name__ == name and same(ordered(fields), ordered(vars(came)))
    return type(came) is kind and came == sent

def read(): return open('/exchange/in', 'rb').read()

def send(count):
    global batch
    batch = [value() for _ in range(count)]
    return dumps(batch)

def receive():
    came = loads(read())
    wrong = [(sent, back) for sent, back in zip(batch, came, strict=True) if not same(sent, back)]
    return ascii(wrong[:1]) if wrong else len(came)

JUNK = (b'\\xff\\xff\\xff\\xff', b'\\xff\\xff\\xff\\x7f', b'\\0\\0\\0\\x80', b'\\0\\0\\1\\0')

def mutate(messages):
    made = bytearray(one_of(messages))
    for _ in range(1 + below(3)):
        if not made: break
        at, how = below(len(made)), below(5)
        if how == 0: made[at] ^= 1 << below(8)
        elif how == 1: made[at] = below(256)
        elif how == 2: del made[at:]
        elif how == 3: made[at:at + 4] = one_of(JUNK)
        else:
            other = one_of(messages)
            start = below(len(other))
            made[at:at + below(9)] = other[start:start + below(40)]
    return made

def attack(count):
    messages = [dumps(one) for one in loads(read())]
    messages.append(b'H' + dice.randbytes(12))
    read_well = refused = slowest = 0
    for start in range(0, count, 100):
        damaged = [mutate(messages) for _ in range(start, min(start + 100, count))]
        # A look at the clock is a host call, which takes far longer than a message.
        before = time.perf_counter()
        for message in damaged:
            try: loads(message); read_well += 1
            except (ValueError, TypeError): refused += 1
        slowest = max(slowest, time.perf_counter() - before)
    return read_well, refused, slowest * 1000
`;

const it = guestIt.extend('exchange', async ({ open }) => {
  const volume = new MemoryVolume();
  const python = await open({
    mounts: { '/exchange': volume },
    limits: {
      heapBytes: HEAP_BYTES,
      lifetime: { wallMs: timeout, cpuMs: timeout },
    },
  });
  await python.printed(PROGRAM);
  return new Exchange(python, new VolumeFiles(volume));
});

class Exchange {
  readonly #python: OpenedSandbox;
  readonly #files: VolumeFiles;

  constructor(python: OpenedSandbox, files: VolumeFiles) {
    this.#python = python;
    this.#files = files;
  }

  /** Has the guest read a message. */
  async give(message: Uint8Array): Promise<void> {
    await this.#files.write('in', message);
  }

  ask(expression: string): Promise<GuestValue> {
    return this.#python.sandbox.evaluate(expression);
  }
}

function* batches(): Generator<{ readonly size: number; readonly seed: number }> {
  for (let done = 0; done < COUNT; done += BATCH) {
    yield { size: Math.min(BATCH, COUNT - done), seed: SEED + done };
  }
}

function sample(size: number, seed: number): GuestValue[] {
  return fc.sample(anyValue, { numRuns: size, seed });
}

it("Python's values come back from the page as docs/values.md says", { timeout }, async ({
  exchange,
}) => {
  let bytes = 0;
  for (const { size } of batches()) {
    const message = (await exchange.ask(`send(${size})`)) as Uint8Array;
    bytes += message.length;
    await exchange.give(marshal(unmarshal(message)));
    expect(await exchange.ask('receive()')).toBe(size);
  }
  console.log(`${COUNT} values of Python's went to the page and back: ${bytes} bytes`);
});

it("the page's values come back from Python as docs/values.md says", { timeout }, async ({
  exchange,
}) => {
  let bytes = 0;
  for (const { size, seed } of batches()) {
    const values = sample(size, seed);
    const message = marshal(values);
    bytes += message.length;
    await exchange.give(message);
    const back = unmarshal(
      (await exchange.ask('dumps(loads(read()))')) as Uint8Array,
    ) as GuestValue[];
    expect(back).toHaveLength(size);
    values.forEach((value, index) => {
      const [expected, actual] = [shown(canonical(value)), shown(back[index] ?? null)];
      if (actual !== expected) expect(actual).toBe(expected);
    });
  }
  console.log(`${COUNT} values of the page's went to Python and back: ${bytes} bytes`);
});

it('damaged messages are refused by the guest, by typed errors, at once', { timeout }, async ({
  exchange,
}) => {
  const total = { read: 0, refused: 0, slowestMs: 0 };
  for (const { size, seed } of batches()) {
    await exchange.give(marshal(sample(200, seed)));
    const [read, refused, slowestMs] = (await exchange.ask(`attack(${size})`)) as number[];
    total.read += read ?? Number.NaN;
    total.refused += refused ?? Number.NaN;
    total.slowestMs = Math.max(total.slowestMs, slowestMs ?? Number.NaN);
  }
  expect(total.read + total.refused).toBe(COUNT);
  expect(total.slowestMs).toBeLessThan(PATIENCE_MS);
  report("the guest's reader", 'hundred', total);
});

it('damaged messages are refused by the page, by typed errors, at once', { timeout }, async ({
  exchange,
}) => {
  const total = { read: 0, refused: 0, slowestMs: 0 };
  const heapBefore = process.memoryUsage().heapUsed;
  for (const { size, seed } of batches()) {
    const whole = (await exchange.ask(`[dumps(value()) for _ in range(200)]`)) as Uint8Array[];
    for (const message of fc.sample(damaged(whole), { numRuns: size, seed })) {
      let isRead = false;
      let tookMs = timeOf(() => {
        isRead = canRead(message);
      });
      total[isRead ? 'read' : 'refused']++;
      // The machine may have been busy with something else: a message that is slow is so again.
      if (tookMs > total.slowestMs)
        tookMs = Math.min(
          tookMs,
          timeOf(() => canRead(message)),
        );
      total.slowestMs = Math.max(total.slowestMs, tookMs);
    }
  }
  expect(total.read + total.refused).toBe(COUNT);
  expect(total.slowestMs).toBeLessThan(PATIENCE_MS);
  expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(500 * 2 ** 20);
  report("the page's reader", 'one', total);
});

/** False where it is refused as it should be. */
function canRead(message: Uint8Array): boolean {
  try {
    unmarshal(message, { objectOf: () => ({}) });
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(ValueError);
    return false;
  }
}

function timeOf(work: () => void): number {
  const startedMs = performance.now();
  work();
  return performance.now() - startedMs;
}

function report(
  reader: string,
  many: string,
  { read, refused, slowestMs }: { read: number; refused: number; slowestMs: number },
): void {
  console.log(
    `${COUNT} damaged messages to ${reader}: ${refused} refused, ${read} values all the same, ` +
      `the slowest ${many} took ${slowestMs.toFixed(1)} ms`,
  );
}

const position = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const junk = fc.constantFrom(
  ...[
    [255, 255, 255, 255],
    [255, 255, 255, 127],
    [0, 0, 0, 128],
    [0, 0, 1, 0],
  ].map((bytes) => Uint8Array.from(bytes)),
);

/** Bits turned, bytes changed, ends cut off, lengths claimed, pieces of one message put into another. */
function damaged(whole: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const message = fc.constantFrom(...whole);
  const piece = fc
    .tuple(message, position, fc.nat(40))
    .map(([bytes, at, length]) => bytes.slice(at * bytes.length).subarray(0, length));
  const change: fc.Arbitrary<(bytes: Uint8Array, at: number) => Uint8Array> = fc.oneof(
    fc.nat(7).map((bit) => (bytes: Uint8Array, at: number) => {
      bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
      return bytes;
    }),
    fc.nat(255).map((byte) => (bytes: Uint8Array, at: number) => splice(bytes, at, 1, [byte])),
    fc.constant((bytes: Uint8Array, at: number) => bytes.slice(0, at)),
    junk.map((claim) => (bytes: Uint8Array, at: number) => splice(bytes, at, 4, claim)),
    fc.tuple(piece, fc.nat(8)).map(
      ([other, taken]) =>
        (bytes: Uint8Array, at: number) =>
          splice(bytes, at, taken, other),
    ),
  );
  const changes = fc.array(fc.tuple(change, position), { minLength: 1, maxLength: 3 });
  return fc.tuple(message, changes).map(([bytes, steps]) => {
    let made: Uint8Array = bytes.slice();
    for (const [step, at] of steps) made = step(made, Math.floor(at * made.length));
    return made;
  });
}

function splice(bytes: Uint8Array, at: number, taken: number, put: Iterable<number>): Uint8Array {
  return Uint8Array.from([...bytes.subarray(0, at), ...put, ...bytes.subarray(at + taken)]);
}
