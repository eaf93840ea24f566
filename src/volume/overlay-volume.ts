/** A writable layer over another volume, which is not touched until the changes are committed. */
import { drive, type Maybe, type Steps, settle } from '../protocol/maybe';
import { ChunkedContent } from './chunked-content';
import { LayeredContent } from './layered-content';
import { limitOf } from './limits';
import { type BaseNames, changesBetween, type OverlayChange } from './overlay-changes';
import { commitOverlay } from './overlay-commit';
import type { FileNode } from './tree-node';
import { type QuotaOptions, TreeVolume } from './tree-volume';
import type { Attributes, Inode, Volume } from './volume';
import { entriesOf } from './walk';

export type { OverlayChange } from './overlay-changes';

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

  private constructor(below: Volume, nodes: ReadonlyMap<Inode, Below>, options: QuotaOptions) {
    let bytes = MORE_BYTES;
    for (const { attributes } of nodes.values()) bytes += attributes.size;
    const maxInodes = limitOf('maxInodes', options.maxInodes, nodes.size + MORE_INODES);
    super({ ...options, maxInodes }, bytes);
    this.#below = below;
    this.#take(nodes);
  }

  /**
   * Looks through the volume below once; content is read when it is asked for. The volume below
   * stays the caller's, and must not change while the overlay is in use, but by `commit`. Limits
   * are for all that the overlay shows, by default 256 MiB more than there is below.
   */
  static async over(below: Volume, options: QuotaOptions = {}): Promise<OverlayVolume> {
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
  }

  /**
   * Makes the volume below what this one is, and durable: EROFS if it can't be written to. That is
   * not one step: if the page dies meanwhile, a part of it is done, but nothing is lost that was
   * below in both states. Until it is done the overlay is read-only.
   */
  async commit(): Promise<void> {
    const { tree } = this;
    tree.refuseIfSealed();
    tree.seal();
    try {
      const below = await drive(
        commitOverlay({
          below: this.#below,
          overlay: this,
          tree,
          base: this.#base,
          changed: this.#changed,
          contents: this.#contents,
          targets: this.targets,
        }),
      );
      this.#changed.clear();
      for (const [inode, inodeBelow] of below) {
        const node = tree.find(inode);
        if (node?.kind !== 'file') continue;
        this.#contents.set(inode, new LayeredContent(this.#below, inodeBelow, node.size));
      }
      this.#rememberNames();
    } finally {
      tree.unseal();
    }
  }

  override read(inode: Inode, offset: number, length: number): Maybe<Uint8Array> {
    const node = this.tree.file(inode);
    this.tree.accessed(node);
    const available = Math.min(length, node.size - offset);
    if (available <= 0) return NOTHING;
    return this.#contents.get(inode)?.read(offset, available) ?? new Uint8Array(available);
  }

  override write(inode: Inode, offset: number, bytes: Uint8Array): Maybe<void> {
    const node = this.writable(inode);
    if (bytes.length === 0) return;
    const content = this.#contents.get(inode);
    if (content instanceof LayeredContent) {
      return drive(this.#writeLayered(node, content, offset, bytes));
    }
    this.#grow(node, offset + bytes.length);
    const own = content ?? new ChunkedContent();
    this.#contents.set(inode, own);
    own.write(offset, bytes);
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
    this.#changed.clear();
    this.#base = new Map();
  }

  protected override gone(inode: Inode): void {
    this.#contents.delete(inode);
    this.#changed.delete(inode);
  }

  *#writeLayered(
    node: FileNode,
    content: LayeredContent,
    offset: number,
    bytes: Uint8Array,
  ): Steps<void> {
    const end = offset + bytes.length;
    const before = node.size;
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
    this.#changed.clear();
    const numbers = new Map<Inode, Inode>([[this.#below.root, this.root]]);
    for (const { attributes, target } of nodes.values()) {
      const number = numbers.get(attributes.inode) ?? (this.tree.nextInode as Inode);
      numbers.set(attributes.inode, number);
      const node = this.tree.restore({ ...attributes, inode: number });
      if (node.kind === 'symlink') this.targets.set(number, target);
      if (node.kind === 'file') {
        const content = new LayeredContent(this.#below, attributes.inode, node.size);
        this.#contents.set(number, content);
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

  #rememberNames(): void {
    this.#base = new Map();
    for (const node of this.tree.nodes()) {
      if (node.kind !== 'directory') continue;
      const names = new Map<string, Inode>();
      for (const { name, value } of node.entries.values()) names.set(name, value.inode);
      this.#base.set(node.inode, names);
    }
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
