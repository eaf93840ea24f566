/** Whether the page breathes while a guest makes one host call after the other. */

const HAMMER_NS = 3_000_000_000;
const PROBE_MS = 4;

/** Asks for the time until it is 3 s later; then writes how often it did. */
const hammer = `(module
  (import "wasi_snapshot_preview1" "clock_time_get"
    (func $clock (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start") (local $calls i32)
    (drop (call $clock (i32.const 1) (i64.const 0) (i32.const 0)))
    (loop $again
      (drop (call $clock (i32.const 1) (i64.const 0) (i32.const 8)))
      (local.set $calls (i32.add (local.get $calls) (i32.const 1)))
      (br_if $again (i64.lt_u
        (i64.sub (i64.load (i32.const 8)) (i64.load (i32.const 0)))
        (i64.const ${HAMMER_NS}))))
    (i32.store (i32.const 16) (local.get $calls))
    (i32.store (i32.const 24) (i32.const 16))
    (i32.store (i32.const 28) (i32.const 4))
    (drop (call $write (i32.const 1) (i32.const 24) (i32.const 1) (i32.const 32)))))`;

/** How late a timer comes at worst: something else had the thread for that long. */
function watchTimers() {
  let longestMs = 0;
  let due = performance.now() + PROBE_MS;
  let timer = setTimeout(probe, PROBE_MS);
  function probe() {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - due);
    due = now + PROBE_MS;
    timer = setTimeout(probe, PROBE_MS);
  }
  return () => {
    clearTimeout(timer);
    return longestMs;
  };
}

/** The longest task that the browser itself complains of: none is under 50 ms. */
function watchLongTasks() {
  let longestMs = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longestMs = Math.max(longestMs, duration);
  });
  observer.observe({ type: 'longtask' });
  return () => {
    for (const { duration } of observer.takeRecords()) longestMs = Math.max(longestMs, duration);
    observer.disconnect();
    return longestMs;
  };
}

function watchFrames() {
  let longestMs = 0;
  let last = performance.now();
  let watching = true;
  /** @param {number} now */
  const frame = (now) => {
    longestMs = Math.max(longestMs, now - last);
    last = now;
    if (watching) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  return () => {
    watching = false;
    return longestMs;
  };
}

/** @type {import('../figures.mjs').Row} */
export const row = {
  name: 'main-thread',
  title: 'Main thread, while a guest makes host calls for 3 s',
  repeats: 3,
  programs: { hammer },
  async measure({ name, library, programs }) {
    let calls = 0;
    const page = name === 'chromium';
    const timers = watchTimers();
    const tasks = page ? watchLongTasks() : undefined;
    const frames = page ? watchFrames() : undefined;
    const program = await library.startWasiProgram(programs.hammer ?? new Uint8Array(), {
      onOutput: (bytes) => {
        calls = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
      },
    });
    await program.outcome;
    if (calls === 0) throw new Error('the program did not end as it should');
    /** @type {import('../figures.mjs').Figure[]} */
    const figures = [
      { label: 'longest wait for the thread', value: timers(), unit: 'ms', target: 50 },
    ];
    if (tasks !== undefined) {
      figures.push({ label: 'longest task over 50 ms', value: tasks(), unit: 'ms', target: 50 });
    }
    if (frames !== undefined) {
      figures.push({ label: 'longest gap between frames', value: frames(), unit: 'ms' });
    }
    return [...figures, { label: 'host calls', value: calls / 3, unit: '/s' }];
  },
};
