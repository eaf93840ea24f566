/**
 * A sandbox between two runs, to be woken again: as often as wanted, here or elsewhere. As a file:
 *
 *     header    `gloveimg`, as `image-header.ts` has it, with buildId, baseId, bytes (of the state)
 *     state     compressed: raw DEFLATE
 *     signature of all before, or nothing
 *     u32       length of the signature
 *     32 bytes  SHA-256 of all before
 *
 * All numbers are little-endian.
 */
import { ImageError, OptionError } from '../errors';
import { PAGE_BYTES } from '../protocol/numbers';
import { concatenate } from './bytes';
import {
  checkFormat,
  decodeHeader,
  encodeHeader,
  headerEnd,
  imageFormat,
  requireCount,
  requireText,
} from './image-header';
import type { SandboxState } from './sandbox-state';
import { addDigest, checkDigest, DIGEST_BYTES, deflate, inflate, webCrypto } from './sealed-file';
import { decodeState, encodeState } from './state-bytes';

const FORMAT = imageFormat('gloveimg', 2, 'image of a sandbox');
/** Before the digest: a header without fields, and the length of no signature. */
const LEAST_BYTES = 20;

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
    const header = encodeHeader(FORMAT, { buildId, baseId, bytes: content.length });
    const signed = concatenate([header, await deflate(content)]);
    const signature =
      signWith === undefined ? EMPTY : await crypto.sign(algorithmOf(signWith), signWith, signed);
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, signature.byteLength, true);
    return addDigest(concatenate([signed, new Uint8Array(signature), length]));
  }

  /** Throws `ImageError` for anything but a whole image, and for one without the signature that is asked for. */
  static async decode(file: Uint8Array, options: DecodeOptions = {}): Promise<SandboxImage> {
    // A copy: nobody changes it between the check and the use.
    const bytes = file.slice();
    checkFormat(bytes, FORMAT);
    await checkDigest(bytes, LEAST_BYTES, FORMAT);
    const lengthAt = bytes.length - DIGEST_BYTES - 4;
    const signatureAt = lengthAt - new DataView(bytes.buffer).getUint32(lengthAt, true);
    const stateAt = headerEnd(bytes, signatureAt, FORMAT);
    if (options.verifyWith !== undefined) {
      await checkSignature(bytes, signatureAt, lengthAt, options.verifyWith);
    }
    const fields = decodeHeader(bytes, stateAt, FORMAT);
    const header = {
      buildId: requireText(fields.buildId, 'build', FORMAT),
      baseId: requireText(fields.baseId, 'base image', FORMAT),
      bytes: requireCount(fields.bytes, Number.MAX_SAFE_INTEGER, FORMAT),
    };
    const { maxBytes = DEFAULT_MAX_BYTES } = options;
    const packed = bytes.subarray(stateAt, signatureAt);
    const content = await inflate(packed, header.bytes, maxBytes, FORMAT);
    const { buildId, baseId } = header;
    return new SandboxImage({ buildId, baseId, ...decodeState(content) });
  }
}

const EMPTY = new ArrayBuffer(0);

function algorithmOf({ algorithm: { name } }: CryptoKey): AlgorithmIdentifier | EcdsaParams {
  if (name === 'Ed25519') return name;
  if (name === 'ECDSA') return { name, hash: 'SHA-256' };
  throw new OptionError(`images are signed with Ed25519 or ECDSA, not with ${name}`);
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
