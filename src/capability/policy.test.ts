import { describe, expect, test, vi } from 'vitest';
import { OptionError } from '../errors';
import { callOf } from '../testing/capability-use';
import {
  allOf,
  allowAll,
  anyOf,
  type Decision,
  type DecisionEntry,
  denyAll,
  logged,
  type Policy,
} from './policy';

const says = (decision: Decision): Policy => vi.fn(() => decision);
const saysLater = (decision: Decision): Policy => vi.fn(async () => decision);
const call = callOf();

describe('policies', () => {
  test('“pluggable policy, paranoid and permissive”: one forbids everything, one allows everything', () => {
    expect(denyAll(call)).toBe('forbid');
    expect(allowAll(call)).toBe('allow');
  });

  test('“interactions and participations: who is acting”: a policy decides by the call’s actor', () => {
    const janes: Policy = ({ actor }) => (actor === 'jane' ? 'allow' : 'unauthorized');
    expect(janes(callOf({ actor: 'jane' }))).toBe('allow');
    expect(janes(callOf({ actor: 'bob' }))).toBe('unauthorized');
  });

  test('of which any may allow are asked in turn, up to the one that does', async () => {
    const last = says('allow');
    expect(anyOf(denyAll, says('unauthorized'), allowAll, last)(call)).toBe('allow');
    expect(last).not.toHaveBeenCalled();
    expect(await anyOf(denyAll, saysLater('allow'), last)(call)).toBe('allow');
    expect(last).not.toHaveBeenCalled();
  });

  test('of which none allows forbid, unless one would have allowed another actor', async () => {
    expect(anyOf(denyAll, denyAll)(call)).toBe('forbid');
    expect(anyOf(denyAll, says('unauthorized'), denyAll)(call)).toBe('unauthorized');
    expect(await anyOf(saysLater('unauthorized'), denyAll)(call)).toBe('unauthorized');
  });

  test('which all have to allow are asked in turn, up to the one that does not', async () => {
    const last = says('forbid');
    expect(allOf(allowAll, says('unauthorized'), last)(call)).toBe('unauthorized');
    expect(last).not.toHaveBeenCalled();
    expect(allOf(allowAll, says('allow'))(call)).toBe('allow');
    expect(await allOf(allowAll, saysLater('allow'), last)(call)).toBe('forbid');
  });

  test('that answer at once are put together without a promise', () => {
    expect(anyOf(denyAll, allowAll)(call)).not.toBeInstanceOf(Promise);
    expect(allOf(allowAll, denyAll)(call)).not.toBeInstanceOf(Promise);
    expect(logged(allowAll, () => {})(call)).not.toBeInstanceOf(Promise);
  });

  test('put together take what is no decision for a refusal', async () => {
    for (const odd of ['yes', true, undefined, {}]) {
      const policy = (() => odd) as unknown as Policy;
      const later = (async () => odd) as unknown as Policy;
      expect(anyOf(policy)(call)).toBe('forbid');
      expect(allOf(policy, allowAll)(call)).toBe('forbid');
      expect(await allOf(later, allowAll)(call)).toBe('forbid');
      expect(logged(policy, () => {})(call)).toBe('forbid');
    }
  });

  test('put together throw what one of them throws, and ask no other', async () => {
    const last = says('allow');
    const broken: Policy = () => {
      throw new Error('broken');
    };
    const brokenLater: Policy = () => Promise.reject(new Error('broken'));
    expect(() => anyOf(broken, last)(call)).toThrow('broken');
    expect(() => allOf(broken, last)(call)).toThrow('broken');
    await expect(anyOf(brokenLater, last)(call)).rejects.toThrow('broken');
    await expect(allOf(brokenLater, last)(call)).rejects.toThrow('broken');
    expect(last).not.toHaveBeenCalled();
  });

  test('none at all can’t be put together', () => {
    expect(() => anyOf()).toThrow(OptionError);
    expect(() => allOf()).toThrow(OptionError);
  });
});

describe('“a log of each decision”', () => {
  test('has the call, the decision and how long it took, and changes nothing', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      const log: DecisionEntry[] = [];
      const slow: Policy = async ({ member }) => {
        vi.advanceTimersByTime(20);
        return member === 'look' ? 'allow' : 'unauthorized';
      };
      const policy = logged(slow, (entry) => log.push(entry));
      const [look, damage] = [callOf({ member: 'look' }), callOf()];
      expect(await policy(look)).toBe('allow');
      expect(await policy(damage)).toBe('unauthorized');
      expect(logged(denyAll, (entry) => log.push(entry))(damage)).toBe('forbid');
      expect(log).toEqual([
        { call: look, decision: 'allow', ms: 20 },
        { call: damage, decision: 'unauthorized', ms: 20 },
        { call: damage, decision: 'forbid', ms: 0 },
      ]);
    } finally {
      vi.useRealTimers();
    }
  });

  test('has a policy’s failure as a refusal with its error', async () => {
    const log: DecisionEntry[] = [];
    const error = new Error('broken');
    const policy = logged(
      () => Promise.reject(error),
      (entry) => log.push(entry),
    );
    await expect(policy(call)).rejects.toBe(error);
    expect(log).toEqual([{ call, decision: 'forbid', ms: expect.any(Number), error }]);
  });

  test('that can’t be written lets nothing happen', () => {
    const policy = logged(allowAll, () => {
      throw new Error('the log is full');
    });
    expect(() => policy(call)).toThrow('the log is full');
  });
});
