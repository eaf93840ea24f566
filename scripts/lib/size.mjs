/** What a page downloads before its first prompt, file by file, as Brotli sends it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { buildSite } from './bundles.mjs';
import { inProject } from './project.mjs';

export const BUDGET_BYTES = 4_000_000;

/** The library's archives are not among them: each is fetched when a program imports from it. */
const guestFiles = [
  'build.json',
  'image.json',
  'python.wasm',
  'python.image',
  'library.directories',
];

/** @param {string} file */
function brotliBytes(file) {
  const copy = `${file}.br`;
  return existsSync(copy)
    ? readFileSync(copy).length
    : brotliCompressSync(readFileSync(file)).length;
}

export async function measureSizes() {
  await buildSite();
  const site = inProject('dist', 'site');
  const names = [
    'index.html',
    'favicon.svg',
    ...readdirSync(join(site, 'assets')).map((name) => `assets/${name}`),
    ...guestFiles.map((name) => `guest/${name}`),
  ];
  const files = names.map((name) => {
    const file = join(site, name);
    return { name, bytes: readFileSync(file).length, brotliBytes: brotliBytes(file) };
  });
  const totalBrotliBytes = files.reduce((bytes, file) => bytes + file.brotliBytes, 0);
  return { files, totalBrotliBytes, budgetBytes: BUDGET_BYTES };
}
