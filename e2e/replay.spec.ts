/** A run that was recorded on a page is the same in Node, and the other way round. */
import { expect, type Page } from '@playwright/test';
import type * as glovebox from '../src/node/index';
import { linesOf, recordedPrograms } from '../src/testing/recorded-programs';
import { test } from './support/bare-page';

/** What npm would publish; by a path of its own, as it is no source. */
async function openNodeHost(): Promise<typeof glovebox> {
  return import(new URL('../dist/node/index.js', import.meta.url).href);
}

// Thirteen programs, several times.
test.describe.configure({ timeout: 180_000 });

interface Recorded {
  /** Base64. */
  readonly trace: string;
  readonly output: string;
}

/** Every program in one sandbox, with files on a volume in IndexedDB. */
function recordInPage(page: Page): Promise<Recorded> {
  return page.evaluate(async (programs) => {
    const lines = programs.flatMap(({ input = [] }) => input);
    const data = await bare.glovebox.IndexedDbVolume.open('recorded');
    await new bare.glovebox.VolumeFiles(data).write('/given.txt', 'given by the page');
    const { sandbox, output } = await bare.openPython({
      mounts: { '/data': data },
      stdin: () => Promise.resolve(lines.shift() ?? null),
    });
    const recording = await sandbox.record();
    for (const { source } of programs) await sandbox.run(source);
    const bytes = await recording.stop().encode();
    await data.close();
    return {
      trace: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')),
      output: output(),
    };
  }, Object.values(recordedPrograms));
}

function replayInPage(
  page: Page,
  trace: string,
  sources: Record<number, string> = {},
): Promise<{ result: glovebox.ReplayResult; output: string }> {
  return page.evaluate(
    async ([text, changed]) => {
      const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
      const decoder = new TextDecoder();
      let output = '';
      const result = await bare.glovebox.replay(bytes, {
        guest: await bare.loadGuest(),
        sources: changed,
        onOutput: (piece) => {
          output += decoder.decode(piece, { stream: true });
        },
      });
      return { result, output };
    },
    [trace, sources] as const,
  );
}

test('what was recorded on a page is the same there, and in Node', async ({ barePage }) => {
  const { trace, output } = await recordInPage(barePage);
  expect(output).toContain('Hello Ada 48');
  const entries = Object.keys(recordedPrograms).length;
  const again = await replayInPage(barePage, trace);
  expect(again.result).toMatchObject({ status: 'same', entries });
  expect(again.output).toBe(output);

  const { PythonGuest, replay } = await openNodeHost();
  const pieces: Uint8Array[] = [];
  const result = await replay(Buffer.from(trace, 'base64'), {
    guest: await PythonGuest.load(),
    onOutput: (bytes) => pieces.push(bytes.slice()),
  });
  expect(result).toEqual(again.result);
  expect(Buffer.concat(pieces).toString()).toBe(output);
});

test('what was recorded in Node is the same on a page, and another program is not', async ({
  barePage,
}) => {
  const { MemoryVolume, PythonGuest, Sandbox } = await openNodeHost();
  const pieces: Uint8Array[] = [];
  const programs = Object.entries(recordedPrograms)
    // How deep calls nest is a matter of the engine's stack, and Node's is the larger one.
    .filter(([name]) => name !== 'exceptions and tracebacks')
    .map(([, program]) => program);
  const input = programs.flatMap((program) => program.input ?? []);
  const sandbox = await Sandbox.create({
    guest: await PythonGuest.load(),
    mounts: { '/data': MemoryVolume.from({ 'given.txt': 'given by Node' }) },
    stdin: linesOf({ source: '', input }),
    onOutput: (bytes) => pieces.push(bytes.slice()),
  });
  const recording = await sandbox.record();
  for (const { source } of programs) await sandbox.run(source);
  await sandbox.run('print("the end")');
  const trace = Buffer.from(await recording.stop().encode()).toString('base64');
  sandbox.dispose();
  const entries = programs.length + 1;
  const { result, output } = await replayInPage(barePage, trace);
  expect(result).toMatchObject({ status: 'same', entries });
  expect(output).toBe(Buffer.concat(pieces).toString());

  const changed = await replayInPage(barePage, trace, { [entries]: 'print("The end")' });
  expect(changed.result).toEqual({
    status: 'differs',
    at: { entry: entries, call: 1 },
    expected: 'fd_write(1, "the end\\n")',
    actual: 'fd_write(1, "The end\\n")',
  });
});

test.describe('on a page that is not isolated', () => {
  test.use({ isolated: false });
  test('what was recorded is the same as well', async ({ barePage }) => {
    const { trace, output } = await recordInPage(barePage);
    const again = await replayInPage(barePage, trace);
    expect(again.result.status).toBe('same');
    expect(again.output).toBe(output);
  });
});
