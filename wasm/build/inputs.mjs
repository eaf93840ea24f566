// What a build is made from, and the keys under which its products are kept.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** All files below a folder, sorted by path. */
export function listFiles(folder) {
  const files = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.name === '__pycache__') continue;
    if (entry.isDirectory()) files.push(...listFiles(path));
    else files.push(path);
  }
  return files.sort();
}

/** The KEY=VALUE lines of versions.env. */
export function readVersions(path) {
  const versions = {};
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const match = /^([A-Z0-9_]+)="?(.*?)"?$/.exec(line);
    if (match) versions[match[1]] = match[2];
  }
  return versions;
}

/** A key of short texts: other keys, version strings, settings. */
export function keyOf(...texts) {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text.length}:${text}`);
  return hash.digest('hex').slice(0, 32);
}

/** A key of files and folders by name and content. */
export function keyOfFiles(root, ...names) {
  const hash = createHash('sha256');
  for (const name of names) {
    const path = join(root, name);
    const files = statSync(path).isDirectory() ? listFiles(path) : [path];
    for (const file of files) {
      const content = readFileSync(file);
      hash.update(`${relative(root, file)}:${content.length}:`).update(content);
    }
  }
  return hash.digest('hex').slice(0, 32);
}

/** A key of a big folder that is not ours: names, sizes and times instead of contents. */
export function stampOfFolder(folder) {
  const hash = createHash('sha256');
  for (const file of listFiles(folder)) {
    const { size, mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? {};
    hash.update(`${relative(folder, file)}:${size}:${mtimeMs}\n`);
  }
  return hash.digest('hex').slice(0, 32);
}
