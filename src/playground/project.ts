/** A project: a volume that the guest has at `/home`, and where it is kept. */
import { IndexedDbVolume, MemoryVolume, type Volume, VolumeError, VolumeFiles } from '../index';
import type { SharedPrograms } from './share-link';

/** `stored`: in this browser. `read-only`: there too, but another tab writes it. The others are gone with the page. */
export type ProjectKind = 'stored' | 'read-only' | 'shared' | 'unstored';

export interface Project {
  readonly id: string;
  readonly title: string;
  readonly kind: ProjectKind;
  readonly volume: Volume;
  readonly files: VolumeFiles;
}

/** Other volumes of the same origin are nobody's projects. */
const PREFIX = 'project-';

const MOST_BYTES = 512 * 2 ** 20;

export function newProjectId(): string {
  return `${PREFIX}${crypto.randomUUID()}`;
}

export interface OpenOptions {
  readonly mode?: 'fail' | 'wait' | 'read-only';
  readonly signal?: AbortSignal;
  readonly repair?: boolean;
}

/** Throws `VolumeError`: `volume-busy` where another tab has it. */
export async function openProject(
  id: string,
  title: string,
  { mode = 'fail', signal, repair = false }: OpenOptions = {},
): Promise<Project> {
  const volume = await IndexedDbVolume.open(id, {
    ...{ mode, repair, maxBytes: MOST_BYTES },
    ...(signal === undefined ? {} : { signal }),
  });
  if (repair) await volume.check({ repair: true });
  const kind = mode === 'read-only' ? 'read-only' : 'stored';
  return { id, title, kind, volume, files: new VolumeFiles(volume) };
}

/** In memory: for programs from a link, and where the browser stores nothing. */
export function temporaryProject(title: string, kind: 'shared' | 'unstored'): Project {
  const volume = new MemoryVolume({ maxBytes: MOST_BYTES });
  return { id: '', title, kind, volume, files: new VolumeFiles(volume) };
}

export async function putPrograms(files: VolumeFiles, programs: SharedPrograms): Promise<void> {
  for (const [path, text] of programs.files) await files.write(path, text, { parents: true });
}

/** Projects that are stored here; none where nothing can be. */
export async function storedProjectIds(): Promise<string[]> {
  try {
    return (await IndexedDbVolume.names()).filter((name) => name.startsWith(PREFIX));
  } catch (error) {
    if (error instanceof VolumeError) return [];
    throw error;
  }
}

/** Throws `VolumeError`: `volume-busy` where another tab has it. */
export function removeProject(id: string): Promise<void> {
  return IndexedDbVolume.remove(id);
}

/** Everything in one volume, in another as well. */
export async function copyFiles(from: VolumeFiles, to: VolumeFiles, path = ''): Promise<void> {
  for (const { name, kind } of await from.list(path)) {
    const inner = path === '' ? name : `${path}/${name}`;
    if (kind === 'directory') {
      await to.makeDirectory(inner);
      await copyFiles(from, to, inner);
    } else if (kind === 'file') {
      await to.write(inner, await from.read(inner));
    }
  }
}
