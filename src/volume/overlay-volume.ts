/** A writable layer over another volume, which is not touched until the changes are committed. */
import { FileError } from '../protocol/errno';
import { drive, type Maybe, type Steps, settle } from '../protocol/maybe';
import { ChunkedContent } from './chunked-content';
import { LayeredContent } from './layered-content';
import { limitOf } from './limits';
import { type BaseNames, changesBetween, type OverlayChange } from './overlay-changes';
import { OverlayCommit, type PlaceBelow, type Replacing } from './overlay-commit';
import type { FileNode } from './tree-node';
import { type QuotaOptions, TreeVolume } from './tree-volume';
import { type Attributes, type Inode, newMemory, type Volume } from './volume';
import { entriesOf, removeTree } from './walk';

export type { OverlayChange } from './overlay-changes';

export interface OverlayOptions extends QuotaOptions {
  /**
   * Memory for what was written. Of a file that lies below, all of each piece of 64 KiB that a
   * write touches is held. Default 256 MiB, or as much more as `maxBytes` leaves beyond what lies
   * below.
   */
  readonly maxLayerBytes?: number;
}

/** One node of the volume below, with the names that it has. */
interface Below {
  readonly attributes: Attributes;
  readonly target: string;
  readonly names: { readonly parent: Inode; readonly name: string }[];
}

/** What an overlay has room for beyond what lies below, unless its options say otherwise. */
const MORE_BYTES = 256 * 1024 * 1024;
const MORE_INODES = 100_000;
const NOTHING = new Uint8Array(0);

export class OverlayVolume extends TreeVolume {
  readonly #below: Volume;
  readonly #contents = new Map<Inode, ChunkedContent | LayeredContent>();
  /** What the names of each directory below lead to here: to tell what has changed. */
  #base: BaseNames = new Map();
  /** Files below whose content has changed. */
  readonly #changed = new Set<Inode>();
  /** What a commit that failed has built below and could not take away again. */
  #leftovers: PlaceBelow[] = [];
  readonly #maxLayerBytes: number;
  #layerBytes = 0;
  readonly #onHeld = (more: number): void => {
    this.#layerBytes += more;
  };

  private constructor(below: Volume, nodes: ReadonlyMap<Inode, Below>, options: OverlayOptions) {
    let bytes = 0;
    for (const { attributes } of nodes.values()) bytes += attributes.size;
    const maxInodes = limitOf('maxInodes', options.maxInodes, nodes.size + MORE_INODES);
    super({ ...options, maxInodes }, bytes + MORE_BYTES);
    const more = limitOf('maxBytes', options.maxBytes, bytes) - bytes;
    const { maxLayerBytes } = options;
    this.#maxLayerBytes = limitOf('maxLayerBytes', maxLayerBytes, Math.max(MORE_BYTES, more));
    this.#below = below;
    this.#take(nodes);
  }

  /**
   * Looks through the volume below once; content is read when it is asked for. The volume below
   * stays the caller's, and must not change while the overlay is in use, but by `commit`. Limits
   * are for all that the overlay shows, by default 256 MiB more than there is below.
   */
  static async over(below: Volume, options: OverlayOptions = {}): Promise<OverlayVolume> {
    return new OverlayVolume(below, await drive(survey(below)), options);
  }

  /** What differs from the volume below, by path. */
  changes(): OverlayChange[] {
    return changesBetween(this.#base, this.tree.directory(this.root), this.#changed);
  }

  /**
   * Back to what lies below. Files that were made here are gone, for those who have them open, too
   * (ESTALE).
   */
  async discard(): Promise<void> {
    this.#take(await drive(survey(this.#below)));
    this.#leftovers = [];
  }

  /**
   * Makes the volume below what this one is, and durable: EROFS if it can't be written to. That is
   * not one step: if the page dies meanwhile, a part of it is done, but nothing is lost that was
   * below in both states. Until it is done the overlay is read-only. A commit that was refused may
   * be repeated: what it has built is taken away again.
   */
  async commit(): Promise<void> {
    const { tree } = this;
    tree.refuseIfSealed();
    if (this.#below.readOnly) throw new FileError('EROFS');
    tree.seal();
    try {
      await drive(this.#commit());
    } finally {
      tree.unseal();
    }
  }

  override read(
    inode: Inode,
    offset: number,
    length: number,
    scratch = newMemory,
  ): Maybe<Uint8Array> {
    const available = this.readable(inode, offset, length);
    if (available <= 0) return NOTHING;
    return this.#contents.get(inode)?.read(offset, available, scratch) ?? new Uint8Array(available);
  }

  override write(inode: Inode, offset: number, bytes: Uint8Array): Maybe<void> {
    const node = this.writable(inode);
    if (bytes.length === 0) return;
    const content = this.#contents.get(inode);
    if (content instanceof LayeredContent) {
      return drive(this.#writeLayered(node, content, offset, bytes));
    }
    const own = content ?? new ChunkedContent(this.#onHeld);
    this.#reserve(own.growth(offset, bytes.length));
    this.#grow(node, offset + bytes.length);
    this.#contents.set(inode, own);
    own.write(offset, bytes);
    this.#changed.add(inode);
    this.tree.modified(node);
  }

  override truncate(inode: Inode, size: number): void {
    const node = this.writable(inode);
    const shrinks = size < node.size;
    this.tree.resize(node, size);
    if (shrinks) this.#contents.get(inode)?.shrink(size);
    this.#changed.add(inode);
    this.tree.modified(node);
  }

  /** The layer is in memory: `commit` is what makes it durable. */
  override sync(inode?: Inode): void {
    if (inode !== undefined) this.tree.node(inode);
  }

  override release(inode: Inode): void {
    // What was open when the changes were discarded may be gone.
    if (this.tree.find(inode) !== undefined) super.release(inode);
  }

  /** Gives up the changes. The volume below is the caller's, and stays open. */
  override close(): void {
    this.tree.clear();
    this.targets.clear();
    this.#contents.clear();
    this.#layerBytes = 0;
    this.#changed.clear();
    this.#base = new Map();
  }

  protected override gone(inode: Inode): void {
    this.#layerBytes -= this.#contents.get(inode)?.heldBytes ?? 0;
    this.#contents.delete(inode);
    this.#changed.delete(inode);
  }

  *#commit(): Steps<void> {
    const below = this.#below;
    for (let place = this.#leftovers.at(-1); place; place = this.#leftovers.at(-1)) {
      yield* removeTree(below, place.directory, place.name);
      this.#leftovers.pop();
    }
    for (const node of this.tree.nodes()) {
      const content = this.#contents.get(node.inode);
      // Open without a name: what it shows of a file below must not go with that file.
      if (node.links > 0 || !(content instanceof LayeredContent)) continue;
      this.#reserve(content.absorbing());
      yield* content.absorb();
    }
    const commit = new OverlayCommit({
      below,
      overlay: this,
      tree: this.tree,
      base: this.#base,
      changed: this.#changed,
      contents: this.#contents,
      targets: this.targets,
    });
    try {
      yield* commit.prepare();
    } catch (refusal) {
      this.#leftovers = yield* commit.undo();
      throw refusal;
    }
    try {
      yield* commit.finish();
    } finally {
      this.#adopt(commit);
    }
  }

  /** What was built below is from now on what this lies over. */
  #adopt(commit: OverlayCommit): void {
    this.#changed.clear();
    for (const [inode, inodeBelow] of commit.numbers) {
      const node = this.tree.find(inode);
      if (node?.kind !== 'file') continue;
      this.#layerBytes -= this.#contents.get(inode)?.heldBytes ?? 0;
      this.#contents.set(inode, this.#layered(inodeBelow, node.size));
    }
    this.#rememberNames(commit.unfinished);
  }

  #layered(below: Inode, size: number): LayeredContent {
    return new LayeredContent(this.#below, below, size, this.#onHeld);
  }

  #reserve(more: number): void {
    if (more > 0 && this.#layerBytes + more > this.#maxLayerBytes) throw new FileError('ENOSPC');
  }

  *#writeLayered(
    node: FileNode,
    content: LayeredContent,
    offset: number,
    bytes: Uint8Array,
  ): Steps<void> {
    const end = offset + bytes.length;
    const before = node.size;
    this.#reserve(content.growth(offset, bytes.length));
    this.#grow(node, end);
    try {
      yield* content.write(offset, bytes);
    } catch (refusal) {
      // What lies below could not be read: nothing was written.
      if (end > before && node.size === end) this.tree.resize(node, before);
      throw refusal;
    }
    this.#changed.add(node.inode);
    this.tree.modified(node);
  }

  #grow(node: FileNode, end: number): void {
    if (end > node.size) this.tree.resize(node, end);
  }

  /** The numbers of nodes are those below, where they come from there. */
  #take(nodes: ReadonlyMap<Inode, Below>): void {
    const { nextInode, feed } = this.tree;
    const held = [...this.tree.nodes()].filter(({ holds }) => holds > 0);
    this.tree = this.emptyTree(feed);
    this.targets.clear();
    this.#contents.clear();
    this.#layerBytes = 0;
    this.#changed.clear();
    const numbers = new Map<Inode, Inode>([[this.#below.root, this.root]]);
    for (const { attributes, target } of nodes.values()) {
      const number = numbers.get(attributes.inode) ?? (this.tree.nextInode as Inode);
      numbers.set(attributes.inode, number);
      const node = this.tree.restore({ ...attributes, inode: number });
      if (node.kind === 'symlink') this.targets.set(number, target);
      if (node.kind === 'file') {
        this.#contents.set(number, this.#layered(attributes.inode, node.size));
      }
    }
    for (const { attributes, names } of nodes.values()) {
      const node = this.tree.node(numbers.get(attributes.inode) ?? this.root);
      for (const { parent, name } of names) {
        const directory = this.tree.directory(numbers.get(parent) ?? this.root);
        this.tree.restoreName(directory, name, node);
      }
    }
    this.tree.reserveInodes(nextInode);
    for (const { inode, holds } of held) {
      for (let count = 0; count < holds && this.tree.find(inode); count++) this.tree.retain(inode);
    }
    this.#rememberNames();
  }

  /** `unfinished`: what is not below yet, or still. */
  #rememberNames(unfinished: readonly Replacing[] = []): void {
    const before = this.#base;
    const base = new Map<Inode, Map<string, Inode>>();
    for (const node of this.tree.nodes()) {
      if (node.kind !== 'directory') continue;
      const names = new Map<string, Inode>();
      for (const { name, value } of node.entries.values()) names.set(name, value.inode);
      base.set(node.inode, names);
    }
    this.#base = base;
    if (unfinished.length === 0) return;
    for (const { parent, name, built, vacant } of unfinished) {
      const names = base.get(parent.inode);
      const was = before.get(parent.inode)?.get(name);
      if (vacant || was === undefined) names?.delete(name);
      else names?.set(name, was);
      if (built) names?.set(built.name, built.node.inode);
    }
    for (const [inode, names] of before) if (!base.has(inode)) base.set(inode, new Map(names));
  }
}

function* survey(volume: Volume): Steps<Map<Inode, Below>> {
  const nodes = new Map<Inode, Below>();
  const root = yield* settle(volume.attributes(volume.root));
  nodes.set(volume.root, { attributes: root, target: '', names: [] });
  const pending = [volume.root];
  for (let parent = pending.pop(); parent !== undefined; parent = pending.pop()) {
    for (const { inode, name, kind } of yield* entriesOf(volume, parent)) {
      const known = nodes.get(inode);
      if (known !== undefined) {
        known.names.push({ parent, name });
        continue;
      }
      const attributes = yield* settle(volume.attributes(inode));
      const target = kind === 'symlink' ? yield* settle(volume.readLink(inode)) : '';
      nodes.set(inode, { attributes, target, names: [{ parent, name }] });
      if (kind === 'directory') pending.push(inode);
    }
  }
  return nodes;
}
