/** What a `<glovebox-editor>` that stands alone on a page brings itself: its files and its Python. */
import {
  importZip,
  type LoadProgress,
  MemoryVolume,
  type SandboxOptions,
  VolumeFiles,
} from '../index';
import { guestAt } from '../repl/guest-cache';
import { type LimitAttributes, limitsOf } from '../repl/limit-attributes';
import { PythonSession } from '../repl/python-session';
import type { GloveboxTerminal } from '../repl/terminal-element';

/** Where its program finds its files. */
export const HOME = '/home';

const MAIN = 'main.py';

const MOST_SOURCE_BYTES = 4 * 2 ** 20;

export interface EmbeddingOptions {
  /** The folder of the interpreter's files, from the page's own; null: beside the folder of this script. */
  readonly guest: string | null;
  readonly view: GloveboxTerminal;
  readonly limits: LimitAttributes;
  readonly sandbox: Pick<SandboxOptions, 'mounts' | 'capabilities' | 'kinds' | 'env'>;
  readonly onProgress: (progress: LoadProgress) => void;
}

export interface Embedding {
  readonly session: PythonSession;
  readonly files: VolumeFiles;
  /** The folder at `/home`. */
  readonly volume: MemoryVolume;
}

/** Throws `LimitAttributeError`. */
export function embed(options: EmbeddingOptions): Embedding {
  const volume = new MemoryVolume();
  const { guest, view, sandbox, onProgress } = options;
  const session = new PythonSession({
    loadGuest: () => guestAt(guest, { onProgress }),
    view,
    banner: false,
    sandbox: {
      ...sandbox,
      limits: limitsOf(options.limits),
      mounts: { [HOME]: volume, ...sandbox.mounts },
    },
  });
  return { session, volume, files: new VolumeFiles(volume) };
}

/** Whose content or attributes say what there is. */
export interface EmbeddingElement extends Element {
  readonly src: string | null;
  readonly files: string | null;
}

/** Puts the element's files into its folder; the programs among them that are to be shown. */
export async function fill(
  { files, volume }: Embedding,
  element: EmbeddingElement,
): Promise<ReadonlyMap<string, string>> {
  const sources = element.src === null ? sourcesIn(element) : await sourceAt(element.src);
  if (element.files !== null) await importFiles(element.files, volume);
  for (const [path, text] of sources) await files.write(path, text, { parents: true });
  return sources;
}

/** The programs that an element's own content gives, the first of them first. */
export function sourcesIn(element: Element): Map<string, string> {
  const scripts = [...element.querySelectorAll('script[type="text/python"]')];
  const sources = new Map<string, string>();
  for (const [index, script] of scripts.entries()) {
    const name = script.getAttribute('name') ?? (index === 0 ? MAIN : `file${index + 1}.py`);
    sources.set(name, dedent(script.textContent));
  }
  if (sources.size === 0) sources.set(MAIN, dedent(element.textContent));
  return sources;
}

/** Throws if there is none, or none of a size that one edits. */
async function sourceAt(address: string): Promise<Map<string, string>> {
  const url = new URL(address, document.baseURI);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${address}: the server answered ${response.status}`);
  const bytes = await response.arrayBuffer();
  if (bytes.byteLength > MOST_SOURCE_BYTES) throw new Error(`${address} is too large to edit`);
  const name = url.pathname.split('/').at(-1) ?? '';
  return new Map([[/^[\w.-]+\.py$/.test(name) ? name : MAIN, new TextDecoder().decode(bytes)]]);
}

/** A zip archive, into `/home`. */
async function importFiles(address: string, volume: MemoryVolume): Promise<void> {
  const response = await fetch(new URL(address, document.baseURI));
  if (!response.ok) throw new Error(`${address}: the server answered ${response.status}`);
  await importZip(volume, new Uint8Array(await response.arrayBuffer()));
}

/** As a page's author indents it: without the first empty line and what all lines have in common. */
export function dedent(text: string): string {
  const lines = text
    .replace(/^[ \t]*\r?\n/, '')
    .replace(/\s+$/, '')
    .split(/\r?\n/);
  const indents = lines
    .filter((line) => line.trim() !== '')
    .map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0);
  const common = Math.min(...indents, Number.MAX_SAFE_INTEGER);
  const code = lines.map((line) => line.slice(common)).join('\n');
  return code === '' ? '' : `${code}\n`;
}
