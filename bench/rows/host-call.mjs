/** How long a guest waits for the answer to a host call. */
import { median, quantile } from '../figures.mjs';

const PAYLOAD_BYTES = 65_536;
const EMPTY_CALLS = 60_000;
const PAYLOAD_CALLS = 6000;
/** The first calls find code that no engine has compiled well yet. */
const WARM_UP_SHARE = 0.25;
/** A page's clock ticks every 5 µs: single calls are too short for it. */
const BATCH = 100;

/**
 * Asks for the time again and again, which is a host call without payload, and keeps the answers:
 * what lies between two of them is one round trip. With a payload it writes that before each.
 * @param {number} count
 * @param {string} before
 */
const timedCalls = (count, before) => `(module
  (import "wasi_snapshot_preview1" "clock_time_get"
    (func $clock (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 32)
  (data (i32.const 0) "\\00\\00\\10\\00\\00\\00\\01\\00")
  (func (export "_start") (local $i i32)
    (loop $again
      ${before}
      (drop (call $clock (i32.const 1) (i64.const 0)
        (i32.add (i32.const 4096) (i32.mul (local.get $i) (i32.const 8)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const ${count}))))
    (i32.store (i32.const 16) (i32.const 4096))
    (i32.store (i32.const 20) (i32.const ${count * 8}))
    (drop (call $write (i32.const 2) (i32.const 16) (i32.const 1) (i32.const 8)))))`;

/**
 * The times between the answers, in microseconds.
 * @param {import('../figures.mjs').Host} host
 * @param {string} name of the program
 */
async function intervals({ library, programs }, name) {
  /** @type {Uint8Array[]} */
  const pieces = [];
  const program = await library.startWasiProgram(programs[name] ?? new Uint8Array(), {
    limits: { outputBytes: Number.POSITIVE_INFINITY },
    onOutput: (bytes, stream) => {
      if (stream === 'stderr') pieces.push(bytes.slice());
    },
  });
  const outcome = await program.outcome;
  if (outcome.status !== 'ok') throw new Error(`the program ended with ${outcome.status}`);
  const bytes = await new Blob(/** @type {BlobPart[]} */ (pieces)).arrayBuffer();
  const times = [...new BigUint64Array(bytes)].map((time) => Number(time) / 1000);
  const warm = times.slice(Math.floor(times.length * WARM_UP_SHARE));
  return warm.slice(1).map((time, index) => time - (warm[index] ?? time));
}

/** @param {readonly number[]} values */
function medianOfBatches(values) {
  const means = [];
  for (let start = 0; start + BATCH <= values.length; start += BATCH) {
    means.push(values.slice(start, start + BATCH).reduce((sum, value) => sum + value, 0) / BATCH);
  }
  return median(means);
}

/** @type {import('../figures.mjs').Row} */
export const row = {
  name: 'host-call',
  title: 'Host call, there and back',
  repeats: 3,
  hosts: ['chromium', 'chromium-plain', 'node'],
  programs: {
    empty: timedCalls(EMPTY_CALLS, ''),
    payload: timedCalls(
      PAYLOAD_CALLS,
      '(drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))',
    ),
  },
  async measure(host) {
    const empty = await intervals(host, 'empty');
    const emptyMedian = medianOfBatches(empty);
    // Each of these holds one call without payload besides.
    const payload = (await intervals(host, 'payload')).map((value) => value - emptyMedian);
    return [
      {
        label: 'empty, median',
        value: emptyMedian,
        unit: 'µs',
        // Where a guest is suspended instead of blocked, the engine takes ten times as long.
        ...(host.name === 'chromium-plain' ? {} : { target: 10 }),
      },
      { label: 'empty, 99th percentile', value: quantile(empty, 0.99), unit: 'µs' },
      {
        label: `${PAYLOAD_BYTES / 1024} KiB written, median`,
        value: medianOfBatches(payload),
        unit: 'µs',
      },
      {
        label: `${PAYLOAD_BYTES / 1024} KiB written, 99th percentile`,
        value: quantile(payload, 0.99),
        unit: 'µs',
      },
    ];
  },
};
