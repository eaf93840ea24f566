import { expect } from 'vitest';
import { OptionError } from '../errors';
import { guestIt as it, platform } from '../testing/guest-test';
import { warmUp } from './warm-up';

it('practises what the interpreter was compiled for, and leaves the sandboxes alone', async ({
  guest,
  open,
}) => {
  const python = await open();
  await python.run('x = 1');
  await warmUp({ guest, ms: 50 }, platform);
  expect(await python.sandbox.evaluate('x')).toBe(1);
  expect((await open()).stdout).toBe('');
});

it('ends early where it is told to, and tells nobody', async ({ guest }) => {
  const startedAt = performance.now();
  const signals = [AbortSignal.abort(), AbortSignal.timeout(50)];
  await Promise.all(signals.map((signal) => warmUp({ guest, ms: 30_000, signal }, platform)));
  expect(performance.now() - startedAt).toBeLessThan(20_000);
});

it.for([0, -1, Number.NaN, 30_001])('refuses to take %d ms', async (ms, { guest }) => {
  await expect(warmUp({ guest, ms }, platform)).rejects.toThrow(OptionError);
});
