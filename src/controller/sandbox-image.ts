/**
 * A sandbox between two runs, to be woken again: as often as wanted, here or elsewhere. As a file:
 *
 *     8 bytes   `gloveimg`
 *     u32       version of the format
 *     u32       length of the header
 *     header    JSON: buildId, baseId, bytes (of the state)
 *     state     compressed: raw DEFLATE
 *     signature of all before, or nothing
 *     u32       length of the signature
 *     32 bytes  SHA-256 of all before
 *
 * All numbers are little-endian.
 */
import { EnvironmentError, ImageError, OptionError } from '../errors';
import { PAGE_BYTES } from '../protocol/numbers';
import { concatenate } from './bytes';
import type { SandboxState } from './sandbox-state';
import { decodeState, encodeState } from './state-bytes';

const MAGIC = new TextEncoder().encode('gloveimg');
const VERSION = 1;
const FIXED_BYTES = MAGIC.length + 8;
const DIGEST_BYTES = 32;

const DEFAULT_MAX_BYTES = 512 * 1024 * 1024;

export interface EncodeOptions {
  /** A private key of Web Crypto: Ed25519, or ECDSA (with SHA-256). Default: no signature. */
  readonly signWith?: CryptoKey | undefined;
}

export interface DecodeOptions {
  /** The public key to `signWith`: without its signature the image is refused. */
  readonly verifyWith?: CryptoKey | undefined;
  /** Most bytes that it may have when it is unpacked. Default 512 MiB. */
  readonly maxBytes?: number | undefined;
}

export class SandboxImage {
  /** What a sandbox is restored from: for the library's own use. */
  readonly state: SandboxState;

  constructor(state: SandboxState) {
    this.state = state;
  }

  /** The guest's build, which alone can go on with it. */
  get buildId(): string {
    return this.state.buildId;
  }

  /** Paths that the page's volumes have to be mounted on again. */
  get mounts(): readonly string[] {
    return this.state.mounts;
  }

  /** Memory that the guest takes when it is awake. */
  get heapBytes(): number {
    return this.state.memory.pages * PAGE_BYTES;
  }

  /** As a file. An image is a program, and holds all that the guest knew: treat it as both. */
  async encode({ signWith }: EncodeOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    const crypto = webCrypto();
    const { buildId, baseId } = this.state;
    const content = encodeState(this.state);
    const fields = JSON.stringify({ buildId, baseId, bytes: content.length });
    const header = new TextEncoder().encode(fields);
    const fixed = new Uint8Array(FIXED_BYTES);
    fixed.set(MAGIC);
    const view = new DataView(fixed.buffer);
    view.setUint32(MAGIC.length, VERSION, true);
    view.setUint32(MAGIC.length + 4, header.length, true);
    const signed = concatenate([fixed, header, await deflate(content)]);
    const signature =
      signWith === undefined ? EMPTY : await crypto.sign(algorithmOf(signWith), signWith, signed);
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, signature.byteLength, true);
    const whole = concatenate([signed, new Uint8Array(signature), length]);
    return concatenate([whole, new Uint8Array(await crypto.digest('SHA-256', whole))]);
  }

  /** Throws `ImageError` for anything but a whole image, and for one without the signature that is asked for. */
  static async decode(file: Uint8Array, options: DecodeOptions = {}): Promise<SandboxImage> {
    // A copy: nobody changes it between the check and the use.
    const bytes = file.slice();
    const view = new DataView(bytes.buffer);
    if (bytes.length < FIXED_BYTES || MAGIC.some((byte, index) => bytes[index] !== byte)) {
      throw new ImageError('foreign', 'this is no image of a sandbox');
    }
    const version = view.getUint32(MAGIC.length, true);
    if (version !== VERSION) {
      throw new ImageError(
        'version',
        `the image has format ${version}, this library knows ${VERSION}`,
      );
    }
    await checkDigest(bytes);
    const stateAt = FIXED_BYTES + view.getUint32(MAGIC.length + 4, true);
    const lengthAt = bytes.length - DIGEST_BYTES - 4;
    const signatureAt = lengthAt - view.getUint32(lengthAt, true);
    if (stateAt > signatureAt) throw damaged('it ends within its header');
    if (options.verifyWith !== undefined) {
      await checkSignature(bytes, signatureAt, lengthAt, options.verifyWith);
    }
    const header = decodeHeader(bytes.subarray(FIXED_BYTES, stateAt));
    const { maxBytes = DEFAULT_MAX_BYTES } = options;
    if (header.bytes > maxBytes) {
      throw new ImageError('size', `the image has ${header.bytes} bytes, ${maxBytes} are allowed`);
    }
    const content = await inflate(bytes.subarray(stateAt, signatureAt), header.bytes);
    const { buildId, baseId } = header;
    return new SandboxImage({ buildId, baseId, ...decodeState(content) });
  }
}

const EMPTY = new ArrayBuffer(0);

function webCrypto(): SubtleCrypto {
  // Pages that did not come over HTTPS have none, though types say otherwise.
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  if (subtle === undefined) {
    throw new EnvironmentError('images as files need a secure context (HTTPS or localhost)');
  }
  return subtle;
}

function algorithmOf({ algorithm: { name } }: CryptoKey): AlgorithmIdentifier | EcdsaParams {
  if (name === 'Ed25519') return name;
  if (name === 'ECDSA') return { name, hash: 'SHA-256' };
  throw new OptionError(`images are signed with Ed25519 or ECDSA, not with ${name}`);
}

async function checkDigest(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const end = bytes.length - DIGEST_BYTES;
  if (end < FIXED_BYTES + 4) throw damaged('it is cut short');
  const digest = new Uint8Array(await webCrypto().digest('SHA-256', bytes.subarray(0, end)));
  if (digest.some((byte, index) => bytes[end + index] !== byte)) {
    throw damaged('its bytes are not those that were written');
  }
}

async function checkSignature(
  bytes: Uint8Array<ArrayBuffer>,
  start: number,
  end: number,
  key: CryptoKey,
): Promise<void> {
  const [signed, signature] = [bytes.subarray(0, start), bytes.subarray(start, end)];
  if (await webCrypto().verify(algorithmOf(key), key, signature, signed)) return;
  const what = start === end ? 'is not signed' : 'was signed by someone else';
  throw new ImageError('signature', `the image ${what}`);
}

function decodeHeader(bytes: Uint8Array): { buildId: string; baseId: string; bytes: number } {
  let fields: unknown;
  try {
    fields = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw damaged('its header is no JSON');
  }
  const { buildId, baseId, bytes: length } = Object(fields) as Record<string, unknown>;
  if (typeof buildId !== 'string' || typeof baseId !== 'string') {
    throw damaged('its header names no build');
  }
  if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0) {
    throw damaged(`${String(length)} is no count`);
  }
  return { buildId, baseId, bytes: length };
}

async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** No more than was declared is ever unpacked. */
async function inflate(
  packed: Uint8Array<ArrayBuffer>,
  bytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
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
    throw damaged('its state can not be unpacked');
  }
  if (total !== bytes) throw damaged(`its state has not the ${bytes} bytes that it should have`);
  return concatenate(pieces);
}

function damaged(how: string): ImageError {
  return new ImageError('damaged', `the image is damaged: ${how}`);
}
