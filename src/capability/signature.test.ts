import { describe, expect, test } from 'vitest';
import { OptionError } from '../errors';
import { Refusal } from './refusal';
import { Signature } from './signature';

class Sword {}

const parse = (text: string): Signature =>
  Signature.parse(text, (kind, object) => kind === 'Sword' && object instanceof Sword);

const refused = (text: string, args: readonly unknown[]): string => {
  try {
    parse(text).check(args);
  } catch (error) {
    if (error instanceof Refusal) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'taken';
};

describe('a signature', () => {
  test.each([
    ['(target: str, points: int = 1) -> int', '(target: str, points: int = 1) -> int'],
    ['async(a:float)->None', '(a: float) -> None'],
    ['( *names : str ) -> list[ str ]', '(*names: str) -> list[str]'],
    [
      "(mode: str = 'it\\'s', on: bool = True) -> Any",
      "(mode: str = 'it\\'s', on: bool = True) -> Any",
    ],
    ['(n: bigint = -12) -> bigint', '(n: int = -12) -> int'],
    ['() -> tuple[int, ...] | None', '() -> tuple[int, ...] | None'],
    ['(s: Sword) -> dict[str, list[Sword]]', '(s: Sword) -> dict[str, list[Sword]]'],
  ])('%s is shown as Python has it', (text, shown) => {
    expect(parse(text).toString()).toBe(shown);
  });

  test.each([
    ['', 'the end where there should be ('],
    ['(a) -> int', ') where there should be :'],
    ['(a: int) ->', 'nothing is no name'],
    ['(a: int)', 'the end where there should be ->'],
    ['(a: int) -> int int', 'int where there should be the end'],
    ['(a: list) -> int', ') where there should be ['],
    ['(a: list[int, int]) -> int', 'list takes 1 in brackets'],
    ['(a: dict[int]) -> int', 'dict takes 2 in brackets'],
    ['(a: set[int, ...]) -> int', 'set takes no ...'],
    ['(a: int, a: int) -> int', 'two parameters have one name'],
    ['(class: int) -> int', "class can't be a parameter"],
    ['(self: int) -> int', "self can't be a parameter"],
    ['(_a: int) -> int', "_a can't be a parameter"],
    ['(a: int = 1, b: int) -> int', 'a parameter without default follows one with it'],
    ['(*a: int, b: int) -> int', ', where there should be )'],
    ['(a: int = __import__) -> int', '__import__ is no literal'],
    ["(a: str = 'x) -> int", "what is 'x) -> int?"],
    ['(a: int = 1; b: int) -> int', 'what is ; b: int) -> int?'],
    ['(a: int) -> int:\n import os', ': where there should be the end'],
  ])('%s is none', (text, why) => {
    expect(() => parse(text)).toThrow(OptionError);
    expect(() => parse(text)).toThrow(why);
  });
});

describe('arguments', () => {
  test.each<[string, unknown]>([
    ['None', null],
    ['bool', true],
    ['int', -5],
    ['int', Number.MAX_SAFE_INTEGER],
    ['float', 1.5],
    ['float', 3],
    ['str', 'text'],
    ['bytes', Uint8Array.of(1)],
    ['datetime', new Date(0)],
    ['Any', new Map()],
    ['list[int]', [1, 2]],
    ['set[str]', new Set(['a'])],
    ['dict[str, int]', new Map([['a', 1]])],
    ['tuple[int, str]', [1, 'a']],
    ['tuple[int, ...]', [1, 2, 3]],
    ['int | None', null],
    ['Sword', new Sword()],
  ])('of type %s are taken as they are', (type, value) => {
    expect(parse(`(a: ${type}) -> None`).check([value])).toEqual([value]);
  });

  test.each<[string, unknown]>([
    ['None', 0],
    ['bool', 1],
    ['int', 1.5],
    ['int', true],
    ['int', 2n ** 60n],
    ['int', Number.NaN],
    ['float', Number.NaN],
    ['float', Number.POSITIVE_INFINITY],
    ['float', 2n ** 2000n],
    ['str', Uint8Array.of(1)],
    ['bytes', 'text'],
    ['datetime', 0],
    ['list[int]', [1, 'a']],
    ['list[int]', new Set([1])],
    ['set[str]', ['a']],
    ['dict[str, int]', new Map([[1, 1]])],
    ['dict[str, int]', { a: 1 }],
    ['tuple[int, str]', [1]],
    ['tuple[int, ...]', ['a']],
    ['int | None', 'a'],
    ['Sword', {}],
    ['Sword', 'Sword'],
  ])('of type %s are not %s', (type, value) => {
    expect(refused(`(a: ${type}) -> None`, [value])).toMatch(/^type: a must be /);
  });

  test('may be any int where a bigint is wanted', () => {
    expect(parse('(a: bigint, b: bigint) -> None').check([7, 2n ** 99n])).toEqual([7n, 2n ** 99n]);
  });

  test('are as many as there are parameters', () => {
    expect(refused('(a: int, b: int = 2) -> None', [1])).toBe(
      'type: 2 arguments are taken, 1 given',
    );
    expect(refused('(a: int) -> None', [1, 2])).toBe('type: 1 arguments are taken, 2 given');
    expect(refused('(*a: int) -> None', [])).toBe('taken');
    expect(refused('(*a: int) -> None', [1, 2, 3])).toBe('taken');
    expect(refused('(*a: int) -> None', [1, 'b'])).toBe('type: a must be int');
  });
});
