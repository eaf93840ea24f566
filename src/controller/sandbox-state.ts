/** All that a sandbox is between two runs, as plain data. */
import { ImageError } from '../errors';
import type { BaseImage, MemoryImage } from '../protocol/memory-image';
import { PAGE_BYTES } from '../protocol/numbers';
import { MemoryVolume } from '../volume/memory-volume';
import type { MemoryVolumeState } from '../volume/memory-volume-state';
import type { Inode, Volume } from '../volume/volume';
import type { Clock } from './clock';
import { PRIVATE_FOLDERS, privateVolume, type Tree } from './guest-world';
import type { HostContext } from './host-calls/context';
import type { Limits } from './limits';
import { splitPath } from './namespace';
import { captureFiles, type OpenFileState } from './open-files-state';
import type { PythonGuest } from './python-guest';

export interface SandboxState {
  /** Of the guest. */
  readonly buildId: string;
  /** Of the base image that the memory is the difference to; empty: of no image. */
  readonly baseId: string;
  readonly memory: MemoryImage;
  readonly monotonicNs: bigint;
  readonly stdinLeft: Uint8Array;
  /** Where the page's volumes were. */
  readonly mounts: readonly string[];
  /** The sandbox's own volumes, by path. */
  readonly volumes: ReadonlyMap<string, MemoryVolumeState>;
  readonly files: readonly OpenFileState[];
}

/** All of it but the guest's memory. Throws `ImageError` where a file can't be found again. */
export async function captureWorld(
  context: HostContext,
  tree: Tree,
  mounts: Readonly<Record<string, Volume>> = {},
): Promise<Omit<SandboxState, 'buildId' | 'baseId' | 'memory'>> {
  return {
    monotonicNs: context.clock.monotonic(),
    stdinLeft: context.stdin.left,
    mounts: normalPaths(mounts),
    volumes: new Map([...tree.own].map(([path, volume]) => [path, volume.capture()])),
    files: await captureFiles(context.fds, tree),
  };
}

/** The sandbox's own volumes as they were. Throws `ImageError`, too where other places are mounted now. */
export function restoreVolumes(
  { volumes, mounts, files }: SandboxState,
  given: Readonly<Record<string, Volume>> = {},
  clock?: Clock,
): Map<string, MemoryVolume> {
  const paths = new Set(normalPaths(given));
  const gone = mounts.find((path) => !paths.has(path));
  if (gone !== undefined) throw new ImageError('mount', `there was a volume on ${gone}`);
  const restored = new Map<string, MemoryVolume>();
  for (const [path, state] of volumes) {
    if (!PRIVATE_FOLDERS.includes(path)) throw new ImageError('damaged', `no volume is on ${path}`);
    if (paths.has(path)) throw new ImageError('mount', `the image has its own ${path}`);
    const held = new Set<Inode>();
    for (const file of files) {
      if ('place' in file && file.place.own?.mount === path) held.add(file.place.own.inode);
    }
    try {
      restored.set(path, MemoryVolume.restore(state, held, privateVolume(clock)));
    } catch (error) {
      throw new ImageError('damaged', `its ${path} is no volume: ${String(error)}`);
    }
  }
  return restored;
}

/**
 * The image that the state's memory is the difference to. Throws `ImageError` where it is of another guest, or takes
 * more than its limits allow.
 */
export function baseOf(
  { buildId, baseId, memory }: SandboxState,
  guest: PythonGuest,
  limits: Limits,
): BaseImage | undefined {
  if (buildId !== guest.buildId) {
    throw new ImageError('build', `the image is of build ${buildId}, the guest ${guest.buildId}`);
  }
  const base = baseId === '' ? undefined : guest.image;
  if (base?.id !== (baseId === '' ? undefined : baseId)) {
    throw new ImageError('base', "the image is the difference to another one than the guest's");
  }
  const heapBytes = memory.pages * PAGE_BYTES;
  if (heapBytes > limits.heapBytes) {
    throw new ImageError(
      'size',
      `the image's heap has ${heapBytes} bytes, limits.heapBytes allows ${limits.heapBytes}`,
    );
  }
  if (memory.pages < (base?.pages ?? guest.memory.initialPages)) {
    throw new ImageError('damaged', 'the image is damaged: its memory is smaller than at a start');
  }
  return base;
}

function normalPaths(mounts: Readonly<Record<string, Volume>>): string[] {
  return Object.keys(mounts).map((path) => `/${splitPath(path).join('/')}`);
}
