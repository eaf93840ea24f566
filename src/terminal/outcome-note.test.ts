import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../controller/limits';
import type { Outcome } from '../controller/outcome';
import { NOTHING_USED } from '../controller/watchdog';
import { noteFor } from './outcome-note';

const base = { ...NOTHING_USED, heapBytes: 2 ** 25, alive: true };
const error = { type: 'TimeLimitExceeded', message: '', traceback: '' };

describe('a note', () => {
  test.each<[string, Outcome, RegExp]>([
    [
      'time',
      { ...base, status: 'timeout', limit: 'wallMs', scope: 'run', error },
      /took 30 s.*one run/,
    ],
    ['computing', { ...base, status: 'cpu', limit: 'cpuMs', scope: 'run', error }, /for 20 s/],
    [
      'steps of all runs',
      { ...base, status: 'cpu', limit: 'fuel', scope: 'lifetime' },
      /1 trillion steps.*all runs/,
    ],
    ['host calls', { ...base, status: 'cpu', limit: 'hostCalls', scope: 'run' }, /10 million host/],
    ['output', { ...base, status: 'output', limit: 'outputBytes', scope: 'run' }, /printed 16 MiB/],
    ['memory', { ...base, status: 'memory', error }, /128 MiB of memory/],
  ])('names the limit of %s and how much it is', (_, outcome, text) => {
    const note = noteFor(outcome, DEFAULT_LIMITS);
    expect(note).toMatchObject({ kind: 'limit' });
    expect(`${note?.title} ${note?.text}`).toMatch(text);
    expect(note?.text).not.toContain('variables are gone');
  });

  test('tells what was used where it does not know the limits', () => {
    const outcome: Outcome = {
      ...base,
      wallMs: 1500,
      status: 'timeout',
      limit: 'wallMs',
      scope: 'run',
    };
    expect(noteFor(outcome)?.text).toContain('1.5 s');
    expect(noteFor({ ...outcome, scope: 'lifetime' })?.text).toContain('used up');
  });

  test('says that the variables are gone where they are', () => {
    const outcome: Outcome = {
      ...base,
      alive: false,
      status: 'timeout',
      limit: 'wallMs',
      scope: 'run',
    };
    expect(noteFor(outcome)?.text).toMatch(/variables are gone\.$/);
    expect(noteFor({ ...base, alive: false, status: 'terminated' })?.text).toMatch(/are gone/);
  });

  test('is not needed for what Python tells itself', () => {
    expect(noteFor({ ...base, status: 'ok' })).toBeUndefined();
    expect(noteFor({ ...base, status: 'error', error })).toBeUndefined();
  });

  test('tells of exits, stops and faults as such', () => {
    expect(noteFor({ ...base, status: 'exit', exitCode: 3 })).toMatchObject({ kind: 'ended' });
    expect(noteFor({ ...base, status: 'interrupted', error })).toMatchObject({ kind: 'stopped' });
    const trap = noteFor({ ...base, status: 'trap', message: 'un\u202ereachable', alive: false });
    expect(trap).toMatchObject({ kind: 'broken' });
    expect(trap?.text).toContain('un\\u202ereachable');
  });
});
