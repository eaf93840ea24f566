/**
 * Makes the volume below an overlay what the overlay is.
 *
 * First everything new is built, beside what is there where a name is taken: as long as that is not
 * complete, it can be taken away again. Only then what has to go is removed, and what was built
 * beside takes its place. So nothing is needed any more when it goes, and a file that replaces
 * another one does so in one step.
 */
import { FileError } from '../protocol/errno';
import { type Steps, settle } from '../protocol/maybe';
import type { ChunkedContent } from './chunked-content';
import type { InodeTree } from './inode-tree';
import { LayeredContent } from './layered-content';
import type { BaseNames } from './overlay-changes';
import type { DirectoryNode, FileNode, TreeNode } from './tree-node';
import type { Inode, Volume } from './volume';
import { copyContent, removeTree } from './walk';

export interface CommitOptions {
  readonly below: Volume;
  readonly overlay: Volume;
  readonly tree: InodeTree;
  readonly base: BaseNames;
  readonly changed: ReadonlySet<Inode>;
  readonly contents: ReadonlyMap<Inode, ChunkedContent | LayeredContent>;
  readonly targets: ReadonlyMap<Inode, string>;
}

/** A name in a directory below. */
export interface PlaceBelow {
  readonly directory: Inode;
  readonly name: string;
}

interface Building extends PlaceBelow {
  readonly node: TreeNode;
}

/** A name that has to go below, and what then takes its place. */
export interface Replacing extends PlaceBelow {
  readonly parent: DirectoryNode;
  readonly built: { readonly name: string; readonly node: TreeNode } | undefined;
  /** Nothing has the name any more, and nothing has it yet. */
  vacant: boolean;
}

export class OverlayCommit {
  /** The numbers below of all that the overlay shows, when everything is built. */
  readonly numbers = new Map<Inode, Inode>();
  readonly #options: CommitOptions;
  readonly #toBuild: Building[] = [];
  /** What a failure has to take away again. */
  readonly #made: PlaceBelow[] = [];
  readonly #replacing: Replacing[] = [];
  #replaced = 0;
  #names = 0;

  constructor(options: CommitOptions) {
    this.#options = options;
  }

  /** What `finish` has not come to. */
  get unfinished(): readonly Replacing[] {
    return this.#replacing.slice(this.#replaced);
  }

  /** Builds what is new, and brings up to date what stays where it is. */
  *prepare(): Steps<void> {
    const { below, tree } = this.#options;
    const root = tree.directory(tree.root);
    this.numbers.set(root.inode, below.root);
    yield* this.#compare(root, below.root);
    // Now it is known which files stay where they are: other names of theirs are links to them.
    for (const building of this.#toBuild) yield* this.#build(building);
  }

  /** Takes away what `prepare` has built, as far as that can be done: the rest is returned. */
  *undo(): Steps<PlaceBelow[]> {
    const left: PlaceBelow[] = [];
    for (const place of this.#made) {
      try {
        yield* removeTree(this.#options.below, place.directory, place.name);
      } catch {
        left.push(place);
      }
    }
    return left;
  }

  /** What has to go goes. From here on there is no way back: after a failure, commit again. */
  *finish(): Steps<void> {
    const { below } = this.#options;
    for (const next of this.#replacing) {
      const { directory, name, built } = next;
      const replaced = yield* settle(below.lookup(directory, name));
      if (!built || !(yield* this.#replaces(directory, built.name, replaced))) {
        yield* removeTree(below, directory, name);
        next.vacant = true;
      }
      if (built) yield* settle(below.rename(directory, built.name, directory, name));
      this.#replaced++;
    }
    yield* settle(below.sync());
  }

  /** Directories that are below already: what stays is brought up to date, the rest noted. */
  *#compare(root: DirectoryNode, rootBelow: Inode): Steps<void> {
    const pending = [{ parent: root, directory: rootBelow }];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { parent, directory } = next;
      const before = this.#options.base.get(parent.inode) ?? new Map<string, Inode>();
      for (const name of before.keys()) {
        if (parent.entries.has(name)) continue;
        this.#replacing.push({ parent, directory, name, built: undefined, vacant: false });
      }
      for (const { name, value: node } of [...parent.entries.values()]) {
        const was = before.get(name);
        if (was === undefined) this.#toBuild.push({ node, directory, name });
        else if (was !== node.inode) {
          const built = { node, name: yield* this.#unusedName(directory) };
          this.#replacing.push({ parent, directory, name, built, vacant: false });
          this.#toBuild.push({ node, directory, name: built.name });
        } else {
          const inode = yield* this.#update(node, directory, name);
          if (node.kind === 'directory') pending.push({ parent: node, directory: inode });
        }
      }
    }
  }

  /** Doing it again does no harm. */
  *#update(node: TreeNode, directory: Inode, name: string): Steps<Inode> {
    const { below, changed, contents } = this.#options;
    const inode = yield* settle(below.lookup(directory, name));
    if (inode === undefined) throw new FileError('ESTALE', `${name} is not below any more`);
    this.numbers.set(node.inode, inode);
    const content = contents.get(node.inode);
    if (!changed.has(node.inode) || !(content instanceof LayeredContent)) return inode;
    if (content.shown < node.size) yield* settle(below.truncate(inode, content.shown));
    yield* settle(below.truncate(inode, node.size));
    for (const { offset, bytes } of content.differences(node.size)) {
      yield* settle(below.write(inode, offset, bytes));
    }
    const { modifiedNs, accessedNs } = node;
    yield* settle(below.setTimes(inode, { modifiedNs, accessedNs }));
    return inode;
  }

  *#build(top: Building): Steps<void> {
    const pending = [top];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { node, directory, name } = next;
      const linked = yield* this.#link(node, directory, name);
      const inode = linked ?? (yield* this.#create(node, directory, name));
      if (next === top) this.#made.push({ directory, name });
      this.numbers.set(node.inode, inode);
      if (node.kind === 'directory') {
        for (const entry of node.entries.values()) {
          pending.push({ node: entry.value, directory: inode, name: entry.name });
        }
      } else if (node.kind === 'file' && linked === undefined) yield* this.#fill(node, inode);
    }
  }

  *#create(node: TreeNode, directory: Inode, name: string): Steps<Inode> {
    const { below, targets } = this.#options;
    switch (node.kind) {
      case 'directory':
        return yield* settle(below.createDirectory(directory, name));
      case 'symlink':
        return yield* settle(below.createSymlink(directory, name, targets.get(node.inode) ?? ''));
      case 'file':
        return yield* settle(below.createFile(directory, name));
    }
  }

  *#fill(node: FileNode, inode: Inode): Steps<void> {
    const { below, overlay } = this.#options;
    const attributes = yield* settle(overlay.attributes(node.inode));
    yield* settle(below.truncate(inode, node.size));
    yield* copyContent(overlay, node.inode, below, inode, attributes);
  }

  /** A file that is below already gets another name, where the store has such a thing. */
  *#link(node: TreeNode, directory: Inode, name: string): Steps<Inode | undefined> {
    const inode = this.#below(node);
    if (inode === undefined) return undefined;
    try {
      yield* settle(this.#options.below.link(inode, directory, name));
      return inode;
    } catch (refusal) {
      if (refusal instanceof FileError && refusal.errnoName !== 'ENOSPC') return undefined;
      throw refusal;
    }
  }

  /** The number below of a file or link that is there as it has to be. */
  #below(node: TreeNode): Inode | undefined {
    if (node.kind === 'directory') return undefined;
    const { contents, changed } = this.#options;
    const known = this.numbers.get(node.inode);
    const content = contents.get(node.inode);
    if (known !== undefined || changed.has(node.inode)) return known;
    return content instanceof LayeredContent ? content.below : undefined;
  }

  /** Whether `rename` does it in one step. */
  *#replaces(directory: Inode, built: string, replaced: Inode | undefined): Steps<boolean> {
    const { below } = this.#options;
    if (replaced === undefined) return true;
    const inode = yield* settle(below.lookup(directory, built));
    // Renaming one name of a file to another of its names does nothing.
    if (inode === undefined || inode === replaced) return false;
    const kinds = [inode, replaced].map((each) => below.attributes(each));
    for (const attributes of kinds) {
      if ((yield* settle(attributes)).kind === 'directory') return false;
    }
    return true;
  }

  *#unusedName(directory: Inode): Steps<string> {
    for (;;) {
      const name = `.glovebox-commit-${++this.#names}`;
      if ((yield* settle(this.#options.below.lookup(directory, name))) === undefined) return name;
    }
  }
}
