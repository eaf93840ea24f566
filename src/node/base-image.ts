/** For the build: the base image of a folder of guest files, as a file. */
import { createHash } from 'node:crypto';
import { makeBaseImage } from '../controller/base-image';
import { encodeImage } from '../controller/image-file';
import { PythonGuest } from '../controller/python-guest';
import { createNodePlatform, filesIn } from './platform';

/** `folder` ends in a slash. */
export async function baseImageOf(folder: URL, modules: readonly string[]): Promise<Uint8Array> {
  const guest = await PythonGuest.load(filesIn(folder), { image: false });
  const platform = createNodePlatform(new URL('./worker-entry.cjs', import.meta.url));
  const image = await makeBaseImage(guest, platform, modules);
  const id = createHash('sha256').update(image.parts).update(image.bytes).digest('hex');
  return encodeImage({ ...image, id }, guest.buildId);
}
