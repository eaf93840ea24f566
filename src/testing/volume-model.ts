/** Random operations for volumes. */
import fc from 'fast-check';
import type { VolumeOperation } from './volume-actor';

const name = fc.constantFrom(
  'a',
  'b',
  'c',
  'd',
  'é',
  'n'.repeat(255),
  'n'.repeat(256),
  '..',
  'x/y',
);
const commonName = fc.oneof({ weight: 20, arbitrary: fc.constantFrom('a', 'b', 'c', 'd') }, name);
/** Recent nodes and the root often, so that sequences build on each other. */
const node = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 6 }), fc.nat(40));
const offset = fc.oneof(fc.nat(20), fc.nat(600_000), fc.constant(2 ** 52));
const size = fc.oneof(fc.nat(20), fc.nat(300_000));
const seconds = fc.option(fc.integer({ min: 1, max: 900_000_000 }), { nil: undefined });

export const volumeOperation: fc.Arbitrary<VolumeOperation> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      call: fc.constantFrom('createFile' as const, 'createDirectory' as const),
      at: node,
      name: commonName,
    }),
  },
  fc.record({
    call: fc.constant('createSymlink' as const),
    at: node,
    name: commonName,
    target: fc.constantFrom('a', 'b/c', '', 'a\0b', 'é'),
  }),
  {
    weight: 3,
    arbitrary: fc.record({
      call: fc.constantFrom('unlink' as const, 'removeDirectory' as const, 'lookup' as const),
      at: node,
      name: commonName,
    }),
  },
  fc.record({ call: fc.constant('link' as const), node, at: node, name: commonName }),
  {
    weight: 3,
    arbitrary: fc.record({
      call: fc.constant('rename' as const),
      from: node,
      name: commonName,
      to: node,
      newName: commonName,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      call: fc.constantFrom('write' as const, 'read' as const),
      node,
      offset,
      size,
    }),
  },
  fc.record({ call: fc.constant('truncate' as const), node, size: offset }),
  {
    weight: 2,
    arbitrary: fc.record({
      call: fc.constant('setTimes' as const),
      node,
      accessedSeconds: seconds,
      modifiedSeconds: seconds,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      call: fc.constant('listPiece' as const),
      node,
      size: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      call: fc.constantFrom(
        'attributes' as const,
        'list' as const,
        'readLink' as const,
        'retain' as const,
        'release' as const,
      ),
      node,
    }),
  },
  fc.constant({ call: 'sync' as const }),
  fc.constant({ call: 'reopen' as const }),
);
