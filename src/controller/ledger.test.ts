import { expect, test } from 'vitest';
import { Ledger } from './ledger';
import { completeLimits } from './limits';
import { NOTHING_USED } from './watchdog';

const limits = completeLimits({ wallMs: 100, fuel: 50, lifetime: { wallMs: 250, fuel: 50 } });

test('a run may use what a run may, until less is left of all', () => {
  const ledger = new Ledger(limits);
  const first = ledger.allowance('page');
  expect(first.budget).toMatchObject({ wallMs: 100, fuel: 50 });
  expect(first.scopeOf('wallMs')).toBe('run');
  ledger.add({ ...NOTHING_USED, wallMs: 100 }, 'page');
  ledger.add({ ...NOTHING_USED, wallMs: 90, fuel: 20 }, 'page');
  const last = ledger.allowance('page');
  expect(last.budget).toMatchObject({ wallMs: 60, fuel: 30 });
  expect(last.scopeOf('wallMs')).toBe('lifetime');
  expect(last.scopeOf('cpuMs')).toBe('run');
  expect(ledger.used).toMatchObject({ wallMs: 190, fuel: 20 });
});

test('a budget of which nothing is left is named, however far it is overdrawn', () => {
  const ledger = new Ledger(limits);
  expect(ledger.spent('page')).toBeUndefined();
  ledger.add({ ...NOTHING_USED, fuel: 49 }, 'page');
  expect(ledger.spent('page')).toBeUndefined();
  ledger.add({ ...NOTHING_USED, fuel: 7 }, 'page');
  expect(ledger.spent('page')).toEqual({ limit: 'fuel', scope: 'lifetime' });
});

test('what goes on by itself has the limits of one run together, until the page runs something', () => {
  const ledger = new Ledger(limits);
  ledger.add({ ...NOTHING_USED, wallMs: 70 }, 'page');
  ledger.add({ ...NOTHING_USED, wallMs: 60 }, 'background');
  expect(ledger.allowance('background').budget.wallMs).toBe(40);
  expect(ledger.allowance('background').scopeOf('wallMs')).toBe('run');
  ledger.add({ ...NOTHING_USED, wallMs: 40 }, 'background');
  expect(ledger.spent('background')).toEqual({ limit: 'wallMs', scope: 'run' });
  expect(ledger.spent('page')).toBeUndefined();
  ledger.add(NOTHING_USED, 'page');
  expect(ledger.spent('background')).toBeUndefined();
  expect(ledger.allowance('background')).toMatchObject({ budget: { wallMs: 80 } });
});
