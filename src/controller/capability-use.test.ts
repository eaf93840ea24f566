import { describe, expect, test } from 'vitest';
import { marshal } from '../capability/marshal';
import type { GuestValue } from '../capability/value';
import { Cut } from './accounted-call';
import { capabilityUse, formatCapabilityUse } from './capability-use';
import type { HostCall } from './dispatcher';

const handle = {};
const handleOf = (object: object) => (object === handle ? { id: 7n, kind: 0 } : undefined);

function called(request: readonly unknown[], answer: readonly unknown[]): HostCall {
  const bytes = (value: readonly unknown[]) => marshal(value as GuestValue, { handleOf });
  return {
    name: 'capability_call',
    args: { request: bytes(request), into: 4096 },
    errno: 0,
    result: bytes(answer),
  };
}

const text = (call: HostCall): string | undefined => {
  const use = capabilityUse(call);
  return use && formatCapabilityUse(use);
};

describe('a use of a capability', () => {
  test.each<[string, readonly unknown[], readonly unknown[]]>([
    ['world.damage("orc",5) = 95', ['call', 'world', 'damage', ['orc', 5]], [true, 95]],
    ['object.swing() = "<object>"', ['call', handle, 'swing', []], [true, handle]],
    ['get object.name = "Sting"', ['get', handle, 'name', []], [true, 'Sting']],
    ['set object.blows(3) = null', ['set', handle, 'blows', [3]], [true, null]],
    ['can world.damage = false', ['can', 'world', 'damage', 'call'], [true, false]],
    [
      'world.damage("orc",9999) = budget: 5 is left',
      ['call', 'world', 'damage', ['orc', 9999]],
      [false, 'budget', '5 is left'],
    ],
    [
      'world.echo({"\\"a\\"":["1","2 bytes",[1]]}) = null',
      ['call', 'world', 'echo', [new Map([['a', [1n << 64n, Uint8Array.of(1, 2), new Set([1])]]])]],
      [true, null],
    ],
  ])('is shown as %s', (shown, request, answer) => {
    const expected = shown.replaceAll('","', '","').replace('"1"', `"${1n << 64n}"`);
    expect(text(called(request, answer))?.replaceAll(', ', ',')).toBe(expected);
  });

  test('has no control characters of the guest’s in it', () => {
    const hostile = called(
      ['call', 'wo\u001b[31mrld\n', 'a\u202eb', ['\u009b']],
      [false, 'x', 'a\nb'],
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
    expect(text(hostile)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\n]/);
  });

  test.each<[string, HostCall]>([
    ['another call', { ...called(['call'], [true]), name: 'fd_tell' }],
    ['noise', { ...called([], []), args: { request: Uint8Array.of(0xff), into: 1 } as never }],
    [
      'the beginning of one',
      { ...called([], []), args: { request: new Cut(Uint8Array.of(1), 9), into: 1 } as never },
    ],
  ])('is not what %s is', (_, call) => {
    expect(capabilityUse(call)).toBeUndefined();
  });
});
