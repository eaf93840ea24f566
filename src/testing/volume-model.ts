/**
 * Random operations on two volumes side by side: each answer and each refusal of the one must be
 * the other's. Operations name nodes by their place in the list of all that were made, so that
 * removed and open ones are used, too.
 */
import fc from 'fast-check';
import { FileError } from '../protocol/errno';
import type { Maybe } from '../protocol/maybe';
import type { Inode, Volume } from '../volume/volume';

export type VolumeOperation =
  | { readonly call: 'createFile' | 'createDirectory'; readonly at: number; readonly name: string }
  | {
      readonly call: 'createSymlink';
      readonly at: number;
      readonly name: string;
      readonly target: string;
    }
  | { readonly call: 'unlink' | 'removeDirectory' | 'lookup'; at: number; readonly name: string }
  | { readonly call: 'link'; readonly node: number; readonly at: number; readonly name: string }
  | {
      readonly call: 'rename';
      readonly from: number;
      readonly name: string;
      readonly to: number;
      readonly newName: string;
    }
  | {
      readonly call: 'write';
      readonly node: number;
      readonly offset: number;
      readonly size: number;
    }
  | { readonly call: 'read'; readonly node: number; readonly offset: number; readonly size: number }
  | { readonly call: 'truncate'; readonly node: number; readonly size: number }
  | { readonly call: 'attributes' | 'list' | 'readLink' | 'retain' | 'release'; node: number };

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
);

/** One volume, with its nodes in the order in which they were made. */
export class VolumeActor {
  readonly #volume: Volume;
  readonly #nodes: Inode[];
  readonly #held = new Map<Inode, number>();

  constructor(volume: Volume) {
    this.#volume = volume;
    this.#nodes = [volume.root];
  }

  /** The answer, or the name of the refusal, in a form that can be compared. */
  async perform(operation: VolumeOperation): Promise<unknown> {
    try {
      return await this.#answer(operation);
    } catch (reason) {
      if (reason instanceof FileError) return reason.errnoName;
      throw reason;
    }
  }

  /** Everything that can be reached, as text. */
  async tree(): Promise<string[]> {
    const lines: string[] = [];
    const walk = async (directory: Inode, path: string): Promise<void> => {
      for (const entry of await this.#volume.list(directory, 0, 10_000)) {
        const { inode, kind, name } = entry;
        const { links, size } = await this.#volume.attributes(inode);
        const number = this.#nodes.indexOf(inode);
        if (kind === 'directory') {
          lines.push(`${path}/${name}/ ${number}`);
          await walk(inode, `${path}/${name}`);
        } else if (kind === 'symlink') {
          lines.push(`${path}/${name} ${number} ${links} -> ${await this.#volume.readLink(inode)}`);
        } else {
          const sum = checksum(await this.#volume.read(inode, 0, size));
          lines.push(`${path}/${name} ${number} ${links} ${size} ${sum}`);
        }
      }
    };
    await walk(this.#volume.root, '');
    return lines.sort();
  }

  #answer(operation: VolumeOperation): Maybe<unknown> {
    const volume = this.#volume;
    const at = (number: number) => this.#nodes[number % this.#nodes.length] ?? volume.root;
    switch (operation.call) {
      case 'createFile':
      case 'createDirectory':
        return this.#made(volume[operation.call](at(operation.at), operation.name));
      case 'createSymlink':
        return this.#made(volume.createSymlink(at(operation.at), operation.name, operation.target));
      case 'unlink':
      case 'removeDirectory':
        return volume[operation.call](at(operation.at), operation.name);
      case 'lookup':
        return this.#numberOf(volume.lookup(at(operation.at), operation.name));
      case 'link':
        return volume.link(at(operation.node), at(operation.at), operation.name);
      case 'rename': {
        const { from, name, to, newName } = operation;
        return volume.rename(at(from), name, at(to), newName);
      }
      case 'write': {
        const bytes = new Uint8Array(operation.size).fill(operation.offset % 255);
        return volume.write(at(operation.node), operation.offset, bytes);
      }
      case 'read':
        return this.#sumOf(volume.read(at(operation.node), operation.offset, operation.size));
      case 'truncate':
        return volume.truncate(at(operation.node), operation.size);
      case 'attributes':
        return this.#attributes(at(operation.node));
      case 'list':
        return this.#list(at(operation.node));
      case 'readLink':
        return volume.readLink(at(operation.node));
      case 'retain':
        return this.#retain(at(operation.node));
      case 'release':
        return this.#release(at(operation.node));
    }
  }

  async #made(inode: Maybe<Inode>): Promise<number> {
    return this.#nodes.push(await inode);
  }

  async #numberOf(inode: Maybe<Inode | undefined>): Promise<number | undefined> {
    const found = await inode;
    return found === undefined ? undefined : this.#nodes.indexOf(found);
  }

  async #sumOf(bytes: Maybe<Uint8Array>): Promise<string> {
    const read = await bytes;
    return `${read.length} ${checksum(read)}`;
  }

  async #attributes(inode: Inode): Promise<unknown> {
    const { kind, size, links } = await this.#volume.attributes(inode);
    // Whether a directory counts those in it as links depends on the file system.
    return { kind, size, links: kind === 'directory' ? links > 0 : links };
  }

  async #list(inode: Inode): Promise<unknown> {
    const entries = await this.#volume.list(inode, 0, 1000);
    const lines = entries.map((entry) => {
      return `${entry.name} ${entry.kind} ${this.#nodes.indexOf(entry.inode)}`;
    });
    return lines.sort();
  }

  /** A host keeps removed files and directories open; a removed link can't be kept. */
  async #retain(inode: Inode): Promise<void> {
    if ((await this.#volume.attributes(inode)).kind === 'symlink') return;
    this.#volume.retain(inode);
    this.#held.set(inode, (this.#held.get(inode) ?? 0) + 1);
  }

  #release(inode: Inode): void {
    const held = this.#held.get(inode) ?? 0;
    if (held === 0) return;
    this.#held.set(inode, held - 1);
    this.#volume.release(inode);
  }
}

function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum = (Math.imul(sum, 31) + byte) | 0;
  return sum;
}
