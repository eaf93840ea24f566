import { expect, test } from 'vitest';
import { completeLimits } from '../controller/limits';
import { NOTHING_USED } from '../controller/watchdog';
import { readGauges, readingOf } from './gauge-readings';

const usage = {
  run: { ...NOTHING_USED, cpuMs: 500, outputBytes: 900 },
  lifetime: { ...NOTHING_USED, cpuMs: 1500 },
  heapBytes: 2 ** 24,
  openFiles: 3,
};
const limits = completeLimits({ cpuMs: 2000, outputBytes: 1000, wallMs: Number.POSITIVE_INFINITY });

test.each([
  [0, 'ok'],
  [79, 'ok'],
  [80, 'near'],
  [99, 'near'],
  [100, 'over'],
  [250, 'over'],
])('%i of 100 is %s', (used, state) => {
  const reading = readingOf(used, 100, String);
  expect(reading.state).toBe(state);
  expect(reading.share).toBe(Math.min(1, used / 100));
});

test('gauges tell each limit, of the run and of all runs', () => {
  const gauges = new Map(readGauges(usage, limits, [], undefined).map((one) => [one.key, one]));
  expect(gauges.get('cpuMs')).toMatchObject({
    now: { share: 0.25, used: '500 ms', most: '2 s' },
    lifetime: { used: '1.5 s', most: '1 h' },
  });
  expect(gauges.get('outputBytes')?.now.state).toBe('near');
  expect(gauges.get('wallMs')?.now).toMatchObject({
    share: undefined,
    most: 'no limit',
    state: 'ok',
  });
  expect(gauges.get('heapBytes')?.now).toMatchObject({ used: '16 MiB', most: '128 MiB' });
  expect(gauges.get('openFiles')?.now).toMatchObject({ used: '3', most: '64' });
});

test('an outcome shows its own figures and names the limit that ended it', () => {
  const outcome = {
    ...{ ...NOTHING_USED, cpuMs: 2000, heapBytes: 2 ** 24, alive: true },
    ...({ status: 'cpu', limit: 'cpuMs', scope: 'run' } as const),
  };
  const gauges = readGauges(usage, limits, [], outcome);
  expect(gauges.filter(({ ended }) => ended).map(({ key }) => key)).toEqual(['cpuMs']);
  expect(gauges[0]?.now.used).toBe('2 s');
});

test('disks have gauges of their own, with and without a quota', () => {
  const disks = [
    { path: '/home', bytes: 512, maxBytes: 1024 },
    { path: '/data', bytes: 5, maxBytes: Number.POSITIVE_INFINITY },
  ];
  const [home, data] = readGauges(usage, limits, disks, undefined).slice(-2);
  expect(home).toMatchObject({ label: 'Disk /home', now: { share: 0.5 } });
  expect(data?.now.share).toBeUndefined();
});
