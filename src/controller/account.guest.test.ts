import { expect } from 'vitest';
import { guestIt as it, pause, platform } from '../testing/guest-test';
import type { AccountedCall } from './accounted-call';
import { formatHostCall } from './host-call-text';
import { replay } from './replay';
import { Trace } from './trace';
import { decodeTrace, encodeTrace, type TraceContent } from './trace-bytes';

it('an account tells what a program asked for, and what it was refused', async ({ open }) => {
  const { sandbox, run } = await open().then((opened) => {
    return { sandbox: opened.sandbox, run: opened.run.bind(opened) };
  });
  expect([...sandbox.calls({ run: 0 })].length).toBeGreaterThan(0);
  await run('import os\ntry: os.stat("/home/secret")\nexcept OSError: pass');
  await run('open("/home/a", "w").write("text"); import time; time.sleep(0.03)');
  const failures = [...sandbox.calls({ path: '/home', errno: 'failure' })];
  expect(failures.map(formatHostCall)).toEqual([
    'path_filestat_get(3, lookup 1, "home/secret") = ENOENT',
  ]);
  expect(failures[0]).toMatchObject({ run: 1 });
  const [written] = [...sandbox.calls({ name: 'fd_write', run: 2 })];
  expect(written?.args.from).toEqual(new TextEncoder().encode('text'));
  const [slept] = [...sandbox.calls({ name: 'poll_oneoff', run: 2 })];
  // It sleeps until a moment: less than 30 ms from there where the machine is slow.
  expect(slept?.durationMs).toBeGreaterThan(1);
  const all = [...sandbox.calls()];
  expect(all.map(({ number }) => number)).toEqual(all.map((_, index) => index + 1));
  const times = all.filter((call) => call.run === 2).map(({ atMs }) => atMs);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(times[0]).toBeGreaterThanOrEqual(0);
});

it('a path that is no text is told of, too', async ({ open }) => {
  const opened = await open();
  await opened.run('import os\ntry: os.stat(b"/home/\\xff")\nexcept OSError: pass');
  expect([...opened.sandbox.calls({ errno: 'EILSEQ' })].map(formatHostCall)).toEqual([
    'path_filestat_get() = EILSEQ',
  ]);
});

it('an account can be followed until its sandbox is disposed', async ({ open }) => {
  const { sandbox } = await open({ account: { calls: 100_000 } });
  const seen: AccountedCall[] = [];
  const following = (async () => {
    for await (const call of sandbox.calls({ follow: true, name: 'path_filestat_get' })) {
      seen.push(call);
    }
  })();
  await sandbox.run('import os\nfor n in range(3000): os.stat("/home")');
  await pause(10);
  expect(seen.length).toBeGreaterThanOrEqual(3000);
  await sandbox.restart();
  const before = seen.length;
  await sandbox.run('os = __import__("os"); os.stat("/tmp")');
  await pause(10);
  expect(seen.length).toBeGreaterThan(before);
  sandbox.dispose();
  await following;
});

it('an account that is switched off keeps nothing', async ({ open }) => {
  const { sandbox } = await open({ account: { calls: 0 } });
  await sandbox.run('print(1)');
  expect([...sandbox.calls()]).toEqual([]);
  for await (const call of sandbox.calls({ follow: true })) throw new Error(call.name);
});

it('a trace by someone who means harm is refused or replayed, and harms nothing', async ({
  open,
  guest,
}) => {
  const opened = await open();
  const recording = await opened.sandbox.record();
  await opened.run(
    'import os, time\nprint(os.listdir("/usr"), time.time(), os.environ, open("/home/x", "w"))',
  );
  const { header, content } = recording.stop();
  const small: TraceContent = {
    ...content,
    memory: { ...content.memory, bytes: new Uint8Array(0), parts: new Uint32Array(0) },
  };
  const at = encodeTrace(small).length - encodeTrace({ ...small, entries: [] }).length;
  const bytes = encodeTrace(content);
  let state = 7;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const statuses = new Set<string>();
  for (let replays = 0; replays < 25; ) {
    const changed = bytes.slice();
    // Mostly in the answers; elsewhere in the guest's own memory.
    const from = next(5) === 0 ? 0 : changed.length - at;
    for (let times = 0; times < 3; times++) {
      changed[from + next(changed.length - from)] = next(256);
    }
    let decoded: TraceContent;
    try {
      decoded = decodeTrace(changed);
    } catch {
      continue;
    }
    replays++;
    const limits = { wallMs: 1000 };
    const result = await replay(new Trace(header, decoded), { guest, limits }, platform).catch(
      (error: { code: string }) => ({ status: error.code }),
    );
    statuses.add(result.status);
  }
  for (const status of statuses) expect(['same', 'differs', 'TRACE']).toContain(status);
  expect((await opened.run('print("well")')).status).toBe('ok');
});
