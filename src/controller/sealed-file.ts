/** What the files of sandboxes and of traces have in common: a packed content, and a digest at the end. */
import { EnvironmentError } from '../errors';
import { concatenate } from './bytes';
import { damaged, type FileFormat } from './image-header';

export const DIGEST_BYTES = 32;

/** Pages that did not come over HTTPS have none, though types say otherwise. */
export function findWebCrypto(): SubtleCrypto | undefined {
  return crypto.subtle as SubtleCrypto | undefined;
}

/** Throws `EnvironmentError` where the page has none. */
export function webCrypto(): SubtleCrypto {
  const subtle = findWebCrypto();
  if (subtle === undefined) {
    throw new EnvironmentError(
      'files of images and traces need a secure context (HTTPS or localhost)',
    );
  }
  return subtle;
}

export async function addDigest(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return concatenate([bytes, new Uint8Array(await webCrypto().digest('SHA-256', bytes))]);
}

/** `least`: so many bytes there are before the digest. */
export async function checkDigest(
  bytes: Uint8Array<ArrayBuffer>,
  least: number,
  format: FileFormat,
): Promise<void> {
  const end = bytes.length - DIGEST_BYTES;
  if (end < least) throw damaged(format, 'it is cut short');
  const digest = new Uint8Array(await webCrypto().digest('SHA-256', bytes.subarray(0, end)));
  if (digest.some((byte, index) => bytes[end + index] !== byte)) {
    throw damaged(format, 'its bytes are not those that were written');
  }
}

export async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** No more than was declared is ever unpacked, and no more than `maxBytes` may be declared. */
export async function inflate(
  packed: Uint8Array<ArrayBuffer>,
  bytes: number,
  maxBytes: number,
  format: FileFormat,
): Promise<Uint8Array<ArrayBuffer>> {
  if (bytes > maxBytes) {
    throw format.refuse('size', `${format.subject} has ${bytes} bytes, ${maxBytes} are allowed`);
  }
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const pieces: Uint8Array[] = [];
  let total = 0;
  try {
    for (const reader = unpacked.getReader(); total <= bytes; ) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value);
      total += value.length;
    }
  } catch {
    throw damaged(format, 'its content can not be unpacked');
  }
  if (total !== bytes) {
    throw damaged(format, `its content has not the ${bytes} bytes that it should have`);
  }
  return concatenate(pieces);
}
