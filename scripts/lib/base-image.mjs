/** The memory image that every sandbox wakes its interpreter from: made by the Node host, once a build. */
import { createHash } from 'node:crypto';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compressFiles } from '../../wasm/build/compress.mjs';
import { inProject } from './project.mjs';
import { fingerprint, readStamp, writeStamp } from './stamps.mjs';

const IMAGE = 'python.image';
/** What a page that keeps the image compares. */
const DESCRIPTION = 'image.json';

/** Imported in every guest from the start: what turns, the prompt and tracebacks need, and what most programs ask for. */
const MODULES = [
  'codeop',
  'collections.abc',
  'contextlib',
  'copy',
  'dataclasses',
  'datetime',
  'encodings.latin_1',
  'encodings.utf_8_sig',
  'enum',
  'functools',
  'glovebox._editing',
  'glovebox._prompt',
  'glovebox._variables',
  'itertools',
  'json',
  'linecache',
  'math',
  'random',
  're',
  'string',
  'textwrap',
  'time',
  'traceback',
  'typing',
];

/** The guest's files are in `public/guest` and in `dist/guest`; so is the image then. */
export async function buildBaseImage() {
  const [served, packaged] = [inProject('public', 'guest'), inProject('dist', 'guest')];
  const stampFile = inProject('dist', 'image.stamp');
  const wanted = fingerprint([
    join(served, 'build.json'),
    inProject('dist', 'node.stamp'),
    inProject('scripts', 'lib', 'base-image.mjs'),
  ]);
  const isThere = [served, packaged].every((folder) => existsSync(join(folder, DESCRIPTION)));
  if (isThere && readStamp(stampFile) === wanted) return;
  const { baseImageOf } = await import(inProject('dist', 'node', 'base-image.js'));
  const image = await baseImageOf(pathToFileURL(`${packaged}/`), MODULES);
  const sha256 = createHash('sha256').update(image).digest('hex');
  const description = `${JSON.stringify({ bytes: image.length, sha256 }, null, 2)}\n`;
  for (const folder of [served, packaged]) {
    writeFileSync(join(folder, IMAGE), image);
    writeFileSync(join(folder, DESCRIPTION), description);
  }
  await compressFiles(served, [IMAGE]);
  writeStamp(stampFile, wanted);
  return `${statSync(join(served, `${IMAGE}.br`)).size} bytes as Brotli sends it`;
}
