/** Gives a name in `lost+found` to what no name leads to. */
import type { Place, StoredNode } from './indexeddb-records';
import { Structure } from './stored-structure';
import type { Inode } from './volume';

const LOST_AND_FOUND = 'lost+found';

/** The structure in which everything is reached. `nodes` get a root and a directory if need be. */
export function withTheLost(
  nodes: Map<Inode, StoredNode>,
  root: Inode,
  nextInode: Inode,
): Structure {
  if (!nodes.has(root)) nodes.set(root, newDirectory(root));
  const structure = new Structure(nodes, root);
  if (structure.lost.length === 0) return structure;
  const found = lostAndFound(nodes, structure, root, nextInode);
  const taken = new Set<string>();
  for (const { names } of structure.reached.values()) {
    for (const { parent, name } of names) if (parent === found) taken.add(name);
  }
  for (const top of structure.topsOfLost()) {
    let name = `#${top.inode}`;
    for (let again = 1; taken.has(name); again++) name = `#${top.inode}-${again}`;
    taken.add(name);
    structure.add(top, { parent: found, name });
  }
  return structure;
}

function lostAndFound(
  nodes: Map<Inode, StoredNode>,
  structure: Structure,
  root: Inode,
  nextInode: Inode,
): Inode {
  const taken = new Set<string>();
  for (const { node, names } of structure.reached.values()) {
    for (const { parent, name } of names) {
      if (parent !== root) continue;
      if (name === LOST_AND_FOUND && node.kind === 'directory') return node.inode;
      taken.add(name);
    }
  }
  let name = LOST_AND_FOUND;
  while (taken.has(name)) name += '+';
  const directory = newDirectory(nextInode);
  nodes.set(nextInode, directory);
  structure.add(directory, { parent: root, name });
  return nextInode;
}

function newDirectory(inode: Inode): StoredNode {
  return { inode, kind: 'directory', size: 0, ...timesOfNow(), ...NOTHING };
}

/** A file of which nothing is left but its content. */
export function newFile(inode: Inode, size: number, place: Place): StoredNode {
  // A name that leads nowhere: without any it would count as removed.
  const names = [{ parent: 0 as Inode, name: 'lost' }];
  return { inode, kind: 'file', size, ...timesOfNow(), ...NOTHING, names, place };
}

const NOTHING = { names: [], place: { kind: 'none' }, target: '' } as const;

function timesOfNow(): Pick<StoredNode, 'accessedNs' | 'modifiedNs' | 'changedNs'> {
  const now = BigInt(Date.now()) * 1_000_000n;
  return { accessedNs: now, modifiedNs: now, changedNs: now };
}
