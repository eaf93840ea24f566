import { describe, expect } from 'vitest';
import { guestIt as it, platform } from '../testing/guest-test';
import { replay } from './replay';
import { Trace } from './trace';

it('replays', async ({ open, guest }) => {
  const opened = await open();
  const recording = await opened.sandbox.record();
  await opened.run('import random, time\nprint(random.random(), time.time(), hash("x"), {str(n) for n in range(10)})');
  await opened.run('open("/home/a", "w").write("x"*10); import os; print(os.listdir("/home"), os.stat("/home/a"))\n1/0');
  const trace = recording.stop();
  console.log(recording.entries, recording.calls, recording.bytes);
  const bytes = await trace.encode();
  console.log(bytes.length);
  const out: string[] = [];
  const result = await replay(await Trace.decode(bytes), { guest, onOutput: (b) => { out.push(Buffer.from(b).toString()); } }, platform);
  console.log(result);
  expect(out.join('')).toBe(opened.stdout + opened.stderr);
});
