/** Nodes as the records that WASI has for them. */
import { wasi } from '@bjorn3/browser_wasi_shim';
import { FileError } from '../../protocol/errno';
import { type Steps, settle } from '../../protocol/maybe';
import type { Filestat } from '../../protocol/records';
import type { NodeKind, TimesChange } from '../../volume/volume';
import type { Clock } from '../clock';
import type { Node } from '../namespace';

const FILETYPES: Readonly<Record<NodeKind, number>> = {
  file: wasi.FILETYPE_REGULAR_FILE,
  directory: wasi.FILETYPE_DIRECTORY,
  symlink: wasi.FILETYPE_SYMBOLIC_LINK,
};

export function filetype(kind: NodeKind): number {
  return FILETYPES[kind];
}

export function* statNode(node: Node): Steps<Filestat> {
  const attributes = yield* settle(node.mount.volume.attributes(node.inode));
  return {
    device: node.mount.device,
    inode: attributes.inode,
    filetype: filetype(attributes.kind),
    links: attributes.links,
    size: attributes.size,
    accessedNs: attributes.accessedNs,
    modifiedNs: attributes.modifiedNs,
    changedNs: attributes.changedNs,
  };
}

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

const ATIM = wasi.FSTFLAGS_ATIM;
const ATIM_NOW = wasi.FSTFLAGS_ATIM_NOW;
const MTIM = wasi.FSTFLAGS_MTIM;
const MTIM_NOW = wasi.FSTFLAGS_MTIM_NOW;

/** EINVAL when a time is given and asked to be now as well. */
export function timesChange(
  clock: Clock,
  { accessed, modified, flags }: { accessed: bigint; modified: bigint; flags: number },
): TimesChange {
  const both = (one: number, other: number): boolean =>
    (flags & one) !== 0 && (flags & other) !== 0;
  if (both(ATIM, ATIM_NOW) || both(MTIM, MTIM_NOW)) throw new FileError('EINVAL');
  const change: { accessedNs?: bigint; modifiedNs?: bigint } = {};
  const now = flags & (ATIM_NOW | MTIM_NOW) ? clock.realtime() : 0n;
  if (flags & ATIM) change.accessedNs = accessed;
  if (flags & ATIM_NOW) change.accessedNs = now;
  if (flags & MTIM) change.modifiedNs = modified;
  if (flags & MTIM_NOW) change.modifiedNs = now;
  return change;
}

/** A byte offset or size from the guest; beyond what any file can have: `refusal`. */
export function safeOffset(value: bigint, refusal: 'EINVAL' | 'EFBIG' = 'EINVAL'): number {
  if (value > MAX_SAFE) throw new FileError(refusal);
  return Number(value);
}
