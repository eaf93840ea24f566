/** A new file or link under a name that may be taken: what was there stays until the new is whole. */
import { FileError } from '../protocol/errno';
import { type Maybe, type Steps, settle } from '../protocol/maybe';
import type { Inode, Volume } from './volume';

/** What is to have the name. */
export interface NewNode {
  /** Makes it, without what is to be in it. */
  readonly create: (name: string) => Maybe<Inode>;
  readonly fill: (inode: Inode) => Steps<void>;
}

/**
 * Under a free name the node is made at once, in the place of what is `there` (no directory) it is
 * made beside it, as `.glovebox-write-N`, and renamed over it: one step where the volume can. If
 * anything is refused, what was made is taken away again, and the refusal thrown.
 */
export function* putNode(
  volume: Volume,
  directory: Inode,
  name: string,
  there: Inode | undefined,
  node: NewNode,
): Steps<void> {
  if (there === undefined) {
    yield* fill(volume, directory, name, node, yield* settle(node.create(name)));
    return;
  }
  const beside = yield* createBeside(node);
  yield* fill(volume, directory, beside.name, node, beside.inode);
  try {
    yield* settle(volume.rename(directory, beside.name, directory, name));
  } catch (refusal) {
    yield* tidy(volume, directory, beside.name);
    throw refusal;
  }
}

function* createBeside(node: NewNode): Steps<{ name: string; inode: Inode }> {
  for (let count = 1; ; count++) {
    const name = `.glovebox-write-${count}`;
    try {
      return { name, inode: yield* settle(node.create(name)) };
    } catch (refusal) {
      if (!(refusal instanceof FileError && refusal.errnoName === 'EEXIST')) throw refusal;
    }
  }
}

function* fill(
  volume: Volume,
  directory: Inode,
  name: string,
  node: NewNode,
  inode: Inode,
): Steps<void> {
  try {
    yield* node.fill(inode);
  } catch (refusal) {
    yield* tidy(volume, directory, name);
    throw refusal;
  }
}

function* tidy(volume: Volume, directory: Inode, name: string): Steps<void> {
  try {
    yield* settle(volume.unlink(directory, name));
  } catch {
    // Why it could not be made is what the caller has to hear.
  }
}
