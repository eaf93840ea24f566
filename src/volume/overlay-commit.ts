/**
 * Makes the volume below an overlay what the overlay is.
 *
 * First everything new is built, beside what is there where a name is taken; only then what has to
 * go is removed, and what was built beside takes its place. So nothing is needed any more when it
 * goes, and a file that replaces another one does so in one step.
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

/** The numbers below of all that the overlay shows. */
export function* commitOverlay(options: CommitOptions): Steps<ReadonlyMap<Inode, Inode>> {
  if (options.below.readOnly) throw new FileError('EROFS');
  const commit = new Commit(options);
  yield* commit.run();
  return commit.numbers;
}

class Commit {
  readonly numbers = new Map<Inode, Inode>();
  readonly #options: CommitOptions;
  readonly #toBuild: { node: TreeNode; directory: Inode; name: string }[] = [];
  /** Names to be removed below, and what then takes their place. */
  readonly #pending: { directory: Inode; name: string; built: string | undefined }[] = [];
  #built = 0;

  constructor(options: CommitOptions) {
    this.#options = options;
  }

  *run(): Steps<void> {
    const { below, tree, contents } = this.#options;
    for (const node of tree.nodes()) {
      const content = contents.get(node.inode);
      // Open without a name: what it shows of a file below must not go with that file.
      if (node.links > 0 || !(content instanceof LayeredContent)) continue;
      yield* content.absorb(node.size);
    }
    const root = tree.directory(tree.root);
    this.numbers.set(root.inode, below.root);
    yield* this.#directory(root, below.root);
    // Now it is known which files stay where they are: other names of theirs are links to them.
    for (const { node, directory, name } of this.#toBuild) {
      yield* this.#build(node, directory, name);
    }
    for (const { directory, name, built } of this.#pending) {
      const replaced = yield* settle(below.lookup(directory, name));
      if (built === undefined || !(yield* this.#replaces(directory, built, replaced))) {
        yield* removeTree(below, directory, name);
      }
      if (built !== undefined) yield* settle(below.rename(directory, built, directory, name));
    }
    yield* settle(below.sync());
  }

  /** A directory that is below already: what stays is brought up to date, the rest noted. */
  *#directory(node: DirectoryNode, below: Inode): Steps<void> {
    const before = this.#options.base.get(node.inode) ?? new Map<string, Inode>();
    for (const name of before.keys()) {
      if (node.entries.has(name)) continue;
      this.#pending.push({ directory: below, name, built: undefined });
    }
    for (const { name, value } of [...node.entries.values()]) {
      const was = before.get(name);
      if (was === undefined) this.#toBuild.push({ node: value, directory: below, name });
      else if (was !== value.inode) {
        const built = yield* this.#unusedName(below);
        this.#pending.push({ directory: below, name, built });
        this.#toBuild.push({ node: value, directory: below, name: built });
      } else yield* this.#update(value, below, name);
    }
  }

  *#update(node: TreeNode, directory: Inode, name: string): Steps<void> {
    const { below, changed, contents } = this.#options;
    const inode = yield* settle(below.lookup(directory, name));
    if (inode === undefined) throw new FileError('ESTALE', `${name} is not below any more`);
    this.numbers.set(node.inode, inode);
    if (node.kind === 'directory') return yield* this.#directory(node, inode);
    const content = contents.get(node.inode);
    if (!changed.has(node.inode) || !(content instanceof LayeredContent)) return;
    if (content.shown < node.size) yield* settle(below.truncate(inode, content.shown));
    yield* settle(below.truncate(inode, node.size));
    for (const { offset, bytes } of content.differences(node.size)) {
      yield* settle(below.write(inode, offset, bytes));
    }
    const { modifiedNs, accessedNs } = node;
    yield* settle(below.setTimes(inode, { modifiedNs, accessedNs }));
  }

  *#build(node: TreeNode, directory: Inode, name: string): Steps<void> {
    const { below, targets } = this.#options;
    switch (node.kind) {
      case 'directory': {
        const inode = yield* settle(below.createDirectory(directory, name));
        this.numbers.set(node.inode, inode);
        for (const entry of [...node.entries.values()]) {
          yield* this.#build(entry.value, inode, entry.name);
        }
        return;
      }
      case 'symlink': {
        const known = this.numbers.get(node.inode);
        if (known !== undefined && (yield* this.#link(known, directory, name))) return;
        const target = targets.get(node.inode) ?? '';
        const inode = yield* settle(below.createSymlink(directory, name, target));
        this.numbers.set(node.inode, inode);
        return;
      }
      case 'file':
        yield* this.#buildFile(node, directory, name);
    }
  }

  *#buildFile(node: FileNode, directory: Inode, name: string): Steps<void> {
    const { below, overlay, contents, changed } = this.#options;
    const content = contents.get(node.inode);
    const known =
      this.numbers.get(node.inode) ??
      (content instanceof LayeredContent && !changed.has(node.inode) ? content.below : undefined);
    if (known !== undefined && (yield* this.#link(known, directory, name))) {
      this.numbers.set(node.inode, known);
      return;
    }
    const inode = yield* settle(below.createFile(directory, name));
    const attributes = yield* settle(overlay.attributes(node.inode));
    yield* settle(below.truncate(inode, node.size));
    yield* copyContent(overlay, node.inode, below, inode, attributes);
    this.numbers.set(node.inode, inode);
  }

  /** A file that is below already gets another name, where the store has such a thing. */
  *#link(inode: Inode, directory: Inode, name: string): Steps<boolean> {
    try {
      yield* settle(this.#options.below.link(inode, directory, name));
      return true;
    } catch (refusal) {
      if (refusal instanceof FileError && refusal.errnoName !== 'ENOSPC') return false;
      throw refusal;
    }
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
      const name = `.glovebox-commit-${++this.#built}`;
      if ((yield* settle(this.#options.below.lookup(directory, name))) === undefined) return name;
    }
  }
}
