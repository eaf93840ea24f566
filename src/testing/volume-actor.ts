/**
 * One of several volumes that the same operations are done to: each answer and each refusal of the
 * one must be the others'. Operations name nodes by their place in the list of all that were made,
 * so that removed and open ones are used, too.
 */
import { FileError } from '../protocol/errno';
import type { Maybe } from '../protocol/maybe';
import type { Inode, Volume } from '../volume/volume';
import { ListingsUnderWay } from './listings-under-way';

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
  | {
      readonly call: 'setTimes';
      readonly node: number;
      /** In the past, so that they can be told from those of what happens now. */
      readonly accessedSeconds: number | undefined;
      readonly modifiedSeconds: number | undefined;
    }
  /** Goes on with a listing of a directory, or begins one, while others come in between. */
  | { readonly call: 'listPiece'; readonly node: number; readonly size: number }
  | { readonly call: 'attributes' | 'list' | 'readLink' | 'retain' | 'release'; node: number }
  | { readonly call: 'sync' }
  /** Everything is closed, and the volume is what its store makes of it. */
  | { readonly call: 'reopen' };

/** No volume has a node of this number. */
const GONE = 0 as Inode;

/** Times before this were set; what happens now is later. */
const EARLIEST_NOW_NS = 10n ** 18n;
const NS_PER_SECOND = 1_000_000_000n;

export interface ActorOptions {
  /** What the volume becomes when it is closed and opened again. */
  readonly reopen?: () => Maybe<Volume>;
  /** Whether times of modification are compared. Default true. */
  readonly times?: boolean;
}

/** One volume, with its nodes in the order in which they were made. */
export class VolumeActor {
  #volume: Volume;
  #nodes: Inode[];
  readonly #reopen: () => Maybe<Volume>;
  readonly #times: boolean;
  readonly #listings = new ListingsUnderWay();
  readonly #held = new Map<Inode, number>();

  constructor(volume: Volume, options: ActorOptions = {}) {
    this.#volume = volume;
    this.#nodes = [volume.root];
    this.#reopen = options.reopen ?? (() => volume);
    this.#times = options.times ?? true;
  }

  get volume(): Volume {
    return this.#volume;
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
        const { links, size, modifiedNs } = await this.#volume.attributes(inode);
        const number = `${this.#nodes.indexOf(inode)} ${this.#timeOf(modifiedNs)}`;
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
    const { modifiedNs } = await this.#volume.attributes(this.#volume.root);
    lines.push(`/ ${this.#timeOf(modifiedNs)}`);
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
        this.#listings.touch(at(operation.at), operation.name);
        return volume[operation.call](at(operation.at), operation.name);
      case 'lookup':
        return this.#numberOf(volume.lookup(at(operation.at), operation.name));
      case 'link':
        return volume.link(at(operation.node), at(operation.at), operation.name);
      case 'rename': {
        const { from, name, to, newName } = operation;
        this.#listings.touch(at(from), name);
        this.#listings.touch(at(to), newName);
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
      case 'setTimes':
        return this.#setTimes(at(operation.node), operation);
      case 'listPiece':
        return this.#listings.goOn(volume, at(operation.node), operation.size);
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
      case 'sync':
        return volume.sync();
      case 'reopen':
        return this.#closeAndOpen();
    }
  }

  /** The nodes are found again by their paths; what has none is gone. */
  async #closeAndOpen(): Promise<void> {
    for (const [inode, holds] of this.#held) {
      for (let count = 0; count < holds; count++) this.#volume.release(inode);
    }
    this.#held.clear();
    this.#listings.clear();
    const paths = new Map((await this.#paths()).map(([path, inode]) => [inode, path]));
    const before = this.#nodes.map((inode) => paths.get(inode));
    this.#volume = await this.#reopen();
    const after = new Map(await this.#paths());
    this.#nodes = before.map((path) => (path === undefined ? GONE : (after.get(path) ?? GONE)));
  }

  async #paths(): Promise<[string, Inode][]> {
    const found: [string, Inode][] = [['', this.#volume.root]];
    for (const [path, directory] of found) {
      if ((await this.#volume.attributes(directory)).kind !== 'directory') continue;
      for (const { name, inode } of await this.#volume.list(directory, 0, 10_000)) {
        found.push([`${path}/${name}`, inode]);
      }
    }
    return found.sort(([a], [b]) => (a < b ? -1 : 1));
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
    const { kind, size, links, modifiedNs } = await this.#volume.attributes(inode);
    const modified = this.#timeOf(modifiedNs);
    // Whether a directory counts those in it as links depends on the file system.
    return { kind, size, links: kind === 'directory' ? links > 0 : links, modified };
  }

  #timeOf(ns: bigint): string {
    if (!this.#times) return '';
    return ns < EARLIEST_NOW_NS ? `${ns / NS_PER_SECOND}` : 'now';
  }

  #setTimes(inode: Inode, times: VolumeOperation & { call: 'setTimes' }): Maybe<void> {
    const { accessedSeconds, modifiedSeconds } = times;
    return this.#volume.setTimes(inode, {
      ...(accessedSeconds !== undefined && { accessedNs: BigInt(accessedSeconds) * NS_PER_SECOND }),
      ...(modifiedSeconds !== undefined && { modifiedNs: BigInt(modifiedSeconds) * NS_PER_SECOND }),
    });
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
