/**
 * What a guest was told while it was recorded, and the memory that it had before. As a file:
 *
 *     header    `glovetrc`, as `image-header.ts` has it, with buildId, baseId, heapBytes, depth, bytes (of the content)
 *     content   as `trace-bytes.ts` has it, compressed: raw DEFLATE
 *     32 bytes  SHA-256 of all before
 */
import { TraceError } from '../errors';
import { MAX_PAGES, PAGE_BYTES } from '../protocol/numbers';
import { RecordError } from '../volume/record-bytes';
import { concatenate } from './bytes';
import {
  checkFormat,
  damaged,
  decodeHeader,
  encodeHeader,
  type FileFormat,
  headerEnd,
  requireCount,
  requireText,
} from './image-header';
import { addDigest, checkDigest, DIGEST_BYTES, deflate, inflate } from './sealed-file';
import { decodeTrace, encodeTrace, type TraceContent, UnknownCallError } from './trace-bytes';

const FORMAT: FileFormat = {
  name: 'glovetrc',
  version: 1,
  title: 'trace of a sandbox',
  subject: 'the trace',
  refuse: (reason, message) => new TraceError(reason, message),
};

/** Before the digest: a header without fields. */
const LEAST_BYTES = 16;

const DEFAULT_MAX_BYTES = 1024 * 1024 * 1024;

const MAX_DEPTH = 2 ** 31 - 1;

/** What else a replay needs to know of the guest. */
export interface TraceHeader {
  readonly buildId: string;
  /** Of the image that the memory is the difference to; empty: of none. */
  readonly baseId: string;
  /** Most that its memory might have. */
  readonly heapBytes: number;
  /** How deep its calls might nest; 0: that is not known. */
  readonly depth: number;
}

export interface TraceDecodeOptions {
  /** Most bytes that it may have when it is unpacked. Default 1 GiB. */
  readonly maxBytes?: number | undefined;
}

export class Trace {
  /** For the library's own use, as is the content. */
  readonly header: TraceHeader;
  readonly content: TraceContent;

  constructor(header: TraceHeader, content: TraceContent) {
    this.header = header;
    this.content = content;
  }

  /** The guest's build, which alone can replay it. */
  get buildId(): string {
    return this.header.buildId;
  }

  /** Most memory that the guest may take when it is replayed. */
  get heapBytes(): number {
    return this.header.heapBytes;
  }

  /** How often the guest was entered. */
  get entries(): number {
    return this.content.entries.length;
  }

  /** Host calls in all of them. */
  get calls(): number {
    return this.content.entries.reduce((sum, { calls }) => sum + calls, 0);
  }

  /** As a file. It holds all that the guest knew, and all that it was told. */
  async encode(): Promise<Uint8Array<ArrayBuffer>> {
    const content = encodeTrace(this.content);
    const header = encodeHeader(FORMAT, { ...this.header, bytes: content.length });
    return addDigest(concatenate([header, await deflate(content)]));
  }

  /** Throws `TraceError` for anything but a whole trace. */
  static async decode(
    file: Uint8Array,
    { maxBytes = DEFAULT_MAX_BYTES }: TraceDecodeOptions = {},
  ): Promise<Trace> {
    // A copy: nobody changes it between the check and the use.
    const bytes = new Uint8Array(file);
    checkFormat(bytes, FORMAT);
    await checkDigest(bytes, LEAST_BYTES, FORMAT);
    const end = bytes.length - DIGEST_BYTES;
    const contentAt = headerEnd(bytes, end, FORMAT);
    const fields = decodeHeader(bytes, contentAt, FORMAT);
    const header = {
      buildId: requireText(fields.buildId, 'build', FORMAT),
      baseId: requireText(fields.baseId, 'base image', FORMAT),
      heapBytes: requireCount(fields.heapBytes, MAX_PAGES * PAGE_BYTES, FORMAT),
      depth: requireCount(fields.depth, MAX_DEPTH, FORMAT),
    };
    const length = requireCount(fields.bytes, Number.MAX_SAFE_INTEGER, FORMAT);
    const packed = bytes.subarray(contentAt, end);
    return new Trace(header, readContent(await inflate(packed, length, maxBytes, FORMAT)));
  }
}

function readContent(bytes: Uint8Array): TraceContent {
  try {
    return decodeTrace(bytes);
  } catch (error) {
    if (error instanceof RangeError || error instanceof RecordError) {
      throw damaged(FORMAT, error.message);
    }
    if (!(error instanceof UnknownCallError)) throw error;
    throw new TraceError('version', `the trace has a host call that is unknown: ${error.message}`);
  }
}
