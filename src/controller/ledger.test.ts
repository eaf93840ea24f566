import { expect, test } from 'vitest';
import { Ledger } from './ledger';
import { completeLimits } from './limits';
import { NOTHING_USED } from './watchdog';

const limits = completeLimits({ wallMs: 100, fuel: 50, lifetime: { wallMs: 250, fuel: 50 } });

test('a run may use what a run may, until less is left of all', () => {
  const ledger = new Ledger(limits);
  const first = ledger.allowance;
  expect(first.budget).toMatchObject({ wallMs: 100, fuel: 50 });
  expect(ledger.scopeOf('wallMs', first)).toBe('run');
  ledger.add({ ...NOTHING_USED, wallMs: 100 });
  ledger.add({ ...NOTHING_USED, wallMs: 90, fuel: 20 });
  const last = ledger.allowance;
  expect(last.budget).toMatchObject({ wallMs: 60, fuel: 30 });
  expect(ledger.scopeOf('wallMs', last)).toBe('lifetime');
  expect(ledger.scopeOf('cpuMs', last)).toBe('run');
  expect(ledger.used).toMatchObject({ wallMs: 190, fuel: 20 });
});

test('a budget of which nothing is left is named, however far it is overdrawn', () => {
  const ledger = new Ledger(limits);
  expect(ledger.spent).toBeUndefined();
  ledger.add({ ...NOTHING_USED, fuel: 49 });
  expect(ledger.spent).toBeUndefined();
  ledger.add({ ...NOTHING_USED, fuel: 7 });
  expect(ledger.spent).toBe('fuel');
});
