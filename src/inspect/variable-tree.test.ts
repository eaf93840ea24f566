import { describe, expect, test } from 'vitest';
import type { GuestValue } from '../capability/value';
import { askFor, readVariables, type VariableNode, type Variables } from './variable-nodes';
import { VariableTree } from './variable-tree';

type Item = readonly GuestValue[];

const item = (label: string, text: string, inside: readonly Item[] | null = null): Item => {
  const opens = inside !== null;
  return [label, 'value', 'list', text, 2, 'items', opens, inside as GuestValue, 0];
};

describe('an answer of the guest', () => {
  test('is read with all that is in it', () => {
    expect(readVariables([[item('a', '[1]', [item('[0]', '1')])], 3])).toEqual({
      more: 3,
      nodes: [
        {
          ...{ label: 'a', kind: 'value', type: 'list', text: '[1]', size: 2, unit: 'items' },
          ...{ opens: true, more: 0 },
          nodes: [expect.objectContaining({ label: '[0]', text: '1', nodes: undefined })],
        },
      ],
    });
  });

  test.each<[string, GuestValue]>([
    ['null', null],
    ['a text', 'x'],
    ['no pair', [[]]],
    ['a negative count', [[], -1]],
    ['no list', ['abc', 0]],
    ['a node that is none', [[7], 0]],
    ['a number for a label', [[[1, 'value', 't', 'x', 1, '', false, null, 0]], 0]],
    ['an unknown kind', [[['a', 'evil', 't', 'x', 1, '', false, null, 0]], 0]],
    ['a text without end', [[item('a', 'x'.repeat(1000))], 0]],
    ['too many nodes', [Array.from({ length: 6000 }, () => item('a', 'x')), 0]],
  ])('that is %s is refused', (_, answer) => {
    expect(readVariables(answer)).toBeUndefined();
  });

  test('that is nested without end is refused', () => {
    let nested = item('a', 'x', []);
    for (let depth = 0; depth < 100; depth++) nested = item('a', 'x', [nested]);
    expect(readVariables([[nested], 0])).toBeUndefined();
  });
});

test('a question is an expression whose text says only what it says', () => {
  const source = askFor([{ path: ['it\'s "x"\n\\', '\u2028'], most: 10 }]);
  expect(source).toContain(`.look([[["it's \\"x\\"\\n\\\\","\u2028"],10]])`);
});

describe('a tree of variables', () => {
  const variables = (...items: Item[]): Variables => {
    const read = readVariables([items, 0]);
    if (read === undefined) throw new Error('no variables');
    return read;
  };
  const all = (_: VariableNode): boolean => true;
  const labels = (tree: VariableTree): string[] =>
    tree.rows(all).map(({ level, node, more }) => `${level} ${node?.label ?? `${more} more`}`);

  test('asks for what is opened, and shows it below', () => {
    const tree = new VariableTree();
    expect(tree.wanted).toEqual([{ path: [], most: 100 }]);
    tree.take(variables(item('a', 'x', []), item('b', 'y')), true);
    tree.toggle(['a']);
    expect(tree.wanted).toContainEqual({ path: ['a'], most: 100 });
    tree.take(variables(item('a', 'x', [item('[0]', '1')]), item('b', 'y')), false);
    expect(labels(tree)).toEqual(['1 a', '2 [0]', '1 b']);
    tree.toggle(['a']);
    expect(labels(tree)).toEqual(['1 a', '1 b']);
    expect(tree.wanted).toHaveLength(1);
  });

  test('forgets what was opened when it is gone', () => {
    const tree = new VariableTree();
    tree.take(variables(item('a', 'x', [])), true);
    tree.toggle(['a']);
    tree.take(variables(item('b', 'y')), true);
    expect(tree.wanted).toHaveLength(1);
  });

  test('marks what is new or another one since the last run', () => {
    const tree = new VariableTree();
    const changed = (): string[] =>
      tree.rows(all).flatMap(({ isChanged, node }) => (isChanged && node ? [node.label] : []));
    tree.take(variables(item('a', '1'), item('b', '1')), true);
    expect(changed()).toEqual([]);
    tree.take(variables(item('a', '2'), item('b', '1'), item('c', '1')), true);
    expect(changed()).toEqual(['a', 'c']);
    tree.take(variables(item('a', '2'), item('b', '1'), item('c', '1')), false);
    expect(changed()).toEqual(['a', 'c']);
    tree.take(variables(item('a', '2'), item('b', '1'), item('c', '1')), true);
    expect(changed()).toEqual([]);
  });

  test('tells how much more there is, and asks for it', () => {
    const tree = new VariableTree();
    tree.take({ ...variables(item('a', '1')), more: 500 }, true);
    expect(labels(tree)).toEqual(['1 a', '1 500 more']);
    tree.showMore([]);
    expect(tree.wanted).toEqual([{ path: [], most: 200 }]);
  });

  test('opens no more than can be looked through', () => {
    const tree = new VariableTree();
    for (let n = 0; n < 1000; n++) tree.toggle([`x${n}`]);
    expect(tree.wanted.length).toBeLessThan(100);
    const path = Array.from({ length: 50 }, () => 'x');
    tree.toggle(path);
    expect(tree.wanted).not.toContainEqual(expect.objectContaining({ path }));
  });
});
