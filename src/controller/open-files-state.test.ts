import { wasi } from '@bjorn3/browser_wasi_shim';
import { expect, test } from 'vitest';
import { ControllerHarness, ROOT_FD, u64 } from '../testing/controller-harness';
import { captureFiles, restoreFiles } from './open-files-state';

const terminal = { stdin: false, stdout: false, stderr: false };

test('rights that were given up stay so in an image, those of streams and of the root too', async () => {
  const before = await ControllerHarness.open();
  const base = BigInt(wasi.RIGHTS_FD_FILESTAT_GET);
  const opened = await before.mustOpenDirectory('tmp');
  for (const fd of [0, 1, ROOT_FD, opened]) {
    const set = { fd, base, inheriting: 0n };
    expect(await before.errno('fd_fdstat_set_rights', set)).toBe('SUCCESS');
  }
  const own = new Map();
  const states = await captureFiles(before.context.fds, { ...before.context, own });

  const after = await ControllerHarness.open();
  await restoreFiles(states, after.context.fds, { ...after.context, own }, terminal);
  for (const fd of [0, 1, ROOT_FD, opened]) {
    const { payload } = await after.call('fd_fdstat_get', { fd });
    expect([u64(payload, 8), u64(payload, 16)]).toEqual([base, 0n]);
  }
  expect(await after.errno('fd_write', { fd: 1, from: 'x' })).toBe('EBADF');
  expect(await after.errno('fd_write', { fd: 2, from: 'x' })).toBe('SUCCESS');
});

test('an image gives no descriptor more rights than its kind has', async () => {
  const before = await ControllerHarness.open();
  const opened = await before.mustOpenDirectory('tmp');
  const own = new Map();
  const states = await captureFiles(before.context.fds, { ...before.context, own });
  const forged = states.map((state) => ({
    ...state,
    rights: 2 ** 53 - 1,
    inheriting: 2 ** 53 - 1,
  }));
  const after = await ControllerHarness.open();
  await restoreFiles(forged, after.context.fds, { ...after.context, own }, terminal);
  expect(await after.errno('fd_read', { fd: 1, into: 1 })).toBe('EBADF');
  for (const fd of [ROOT_FD, opened]) {
    expect(await after.errno('fd_write', { fd, from: 'x' })).toBe('EBADF');
    const { payload } = await after.call('fd_fdstat_get', { fd });
    expect(u64(payload, 8) & BigInt(wasi.RIGHTS_FD_READ | wasi.RIGHTS_FD_WRITE)).toBe(0n);
  }
});
