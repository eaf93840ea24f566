import { describe, expect, it } from 'vitest';
import { InvalidModuleError, OptionError, UnknownImportsError } from '../errors';
import { createNodePlatform } from '../node/platform';
import { workerFile } from '../testing/guest-test';
import { assemble } from '../testing/wat';
import type { Outcome } from './outcome';
import { OUTPUT_LIMIT_MARKER } from './output';
import { type ProgramOptions, startWasiProgram } from './wasi-program';

/** A program whose `_start` is `body`, with some host calls and a page of memory. */
function program(body: string, more = ''): Uint8Array {
  const wasi = '"wasi_snapshot_preview1"';
  return assemble(`(module
    (import ${wasi} "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
    (import ${wasi} "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
    (import ${wasi} "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
    (import ${wasi} "args_get" (func $args_get (param i32 i32) (result i32)))
    (import ${wasi} "proc_exit" (func $proc_exit (param i32)))
    (memory (export "memory") 1)
    ${more}
    (func (export "_start") ${body}))`);
}

const writeHi = `
  (i32.store (i32.const 0) (i32.const 16))
  (i32.store (i32.const 4) (i32.const 3))
  (i32.store (i32.const 16) (i32.const 0x0a6968))
  (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))`;

async function run(
  module: Uint8Array,
  options: ProgramOptions = {},
): Promise<{ outcome: Outcome; output: string }> {
  let output = '';
  const onOutput = (bytes: Uint8Array): void => {
    output += Buffer.from(bytes).toString('latin1');
  };
  const platform = createNodePlatform(workerFile);
  const started = await startWasiProgram(module, { onOutput, ...options }, platform);
  return { outcome: await started.outcome, output };
}

describe('another WASI program', () => {
  it('runs, and its return is its end', async () => {
    const { outcome, output } = await run(program(writeHi));
    expect(output).toBe('hi\n');
    expect(outcome).toMatchObject({ status: 'ok', alive: false, heapBytes: 65_536 });
  });

  it('ends with its exit code, in the middle of anything', async () => {
    const { outcome } = await run(program('(call $proc_exit (i32.const 7)) (loop (br 0))'));
    expect(outcome).toMatchObject({ status: 'exit', exitCode: 7 });
  });

  it.for([
    ['unreachable', '(unreachable)'],
    ['a load outside its memory', '(drop (i32.load (i32.const -4)))'],
    ['a division by zero', '(drop (i32.div_u (i32.const 1) (i32.const 0)))'],
    ['endless recursion', '(call $fall)'],
  ])('that faults is a trap: %s', async ([, body]) => {
    const { outcome } = await run(program(body ?? '', '(func $fall (call $fall) (call $fall))'));
    expect(outcome).toMatchObject({ status: 'trap', message: expect.stringMatching(/./) });
  });

  it('finds its arguments', async () => {
    // Writes the text that args_get put at 256, of the size that args_sizes_get told.
    const echo = program(`
      (drop (call $args_sizes_get (i32.const 0) (i32.const 4)))
      (drop (call $args_get (i32.const 128) (i32.const 256)))
      (i32.store (i32.const 0) (i32.const 256))
      (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))`);
    const { output } = await run(echo, { args: ['echo', 'one', 'two'] });
    expect(output).toBe('echo\0one\0two\0');
  });

  it('is ended at the wall clock limit', async () => {
    const { outcome } = await run(program('(loop (br 0))'), { limits: { wallMs: 200 } });
    expect(outcome).toMatchObject({ status: 'timeout' });
  });

  it('is ended at the output limit', async () => {
    const flood = program(`(loop ${writeHi} (br 0))`);
    const { outcome, output } = await run(flood, { limits: { outputBytes: 1000 } });
    expect(outcome).toMatchObject({ status: 'output' });
    expect(output).toHaveLength(1000 + OUTPUT_LIMIT_MARKER.length);
  });

  it('gets no more memory than its limit', async () => {
    const grow = program('(call $proc_exit (memory.grow (i32.const 16)))');
    const limits = { heapBytes: 16 * 65_536 };
    const { outcome } = await run(grow, { limits });
    expect(outcome).toMatchObject({ status: 'exit', exitCode: 0xffff_ffff });
    const enough = await run(grow, { limits: { heapBytes: 17 * 65_536 } });
    expect(enough.outcome).toMatchObject({ status: 'exit', exitCode: 1 });
  });

  it('that asks for wild places is told EFAULT and harms nobody', async () => {
    const wild = program(
      '(call $proc_exit (call $fd_write (i32.const 1) (i32.const -8) (i32.const 1) (i32.const 0)))',
    );
    const { outcome } = await run(wild);
    expect(outcome).toMatchObject({ status: 'exit', exitCode: 21 });
  });
});

describe('a module that is no such program', () => {
  it.for([
    ['text', Buffer.from('print("hi")')],
    ['nothing', new Uint8Array(0)],
    ['cut short', program(writeHi).subarray(0, -10)],
    ['without _start', assemble('(module)')],
  ] as const)('is refused: %s', async ([, bytes]) => {
    await expect(run(bytes)).rejects.toThrow(InvalidModuleError);
  });

  it('is refused with the name of each import that is missing', async () => {
    const module = assemble(`(module
      (import "env" "eval" (func))
      (import "wasi_snapshot_preview1" "fd_teleport" (func))
      (import "wasi_snapshot_preview1" "fd_close" (func (param i32) (result i32)))
      (func (export "_start")))`);
    await expect(run(module)).rejects.toThrow(UnknownImportsError);
    await expect(run(module)).rejects.toThrow(/env\.eval, wasi_snapshot_preview1\.fd_teleport/);
  });

  it('is refused when it starts with more memory than the limit', async () => {
    const large = assemble('(module (memory (export "memory") 100) (func (export "_start")))');
    await expect(run(large, { limits: { heapBytes: 65_536 } })).rejects.toThrow(OptionError);
  });
});
