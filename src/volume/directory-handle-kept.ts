/** The contents of files of a picked folder that were removed while they were open: in memory. */
import { FileError } from '../protocol/errno';
import { ChunkedContent } from './chunked-content';
import type { KeptContent } from './directory-handle-node';

const COPY_BYTES = 1024 * 1024;
const NOTHING = new Uint8Array(0);

export class KeptContents {
  readonly #maxBytes: number;
  #bytes = 0;

  /** Sizes count, gaps included. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** EBUSY for what there is no room for: such a file can't be removed while it is open. */
  async take(file: File): Promise<KeptContent> {
    const { size } = file;
    if (this.#bytes + size > this.#maxBytes) throw new FileError('EBUSY', 'open, and too large');
    const kept: KeptContent = { content: new ChunkedContent(), size };
    this.#bytes += size;
    try {
      for (let at = 0; at < size; at += COPY_BYTES) {
        const bytes = await file.slice(at, at + COPY_BYTES).arrayBuffer();
        kept.content.write(at, new Uint8Array(bytes));
      }
    } catch (error) {
      this.giveUp(kept);
      throw error;
    }
    return kept;
  }

  giveUp(kept: KeptContent): void {
    this.#bytes -= kept.size;
    kept.size = 0;
  }

  read(kept: KeptContent, offset: number, length: number): Uint8Array {
    const available = Math.min(length, kept.size - offset);
    return available > 0 ? kept.content.read(offset, available) : NOTHING;
  }

  write(kept: KeptContent, offset: number, bytes: Uint8Array): void {
    this.#resize(kept, Math.max(kept.size, offset + bytes.length));
    kept.content.write(offset, bytes);
  }

  truncate(kept: KeptContent, size: number): void {
    const shrinks = size < kept.size;
    this.#resize(kept, size);
    if (shrinks) kept.content.shrink(size);
  }

  #resize(kept: KeptContent, size: number): void {
    const more = size - kept.size;
    if (more > 0 && this.#bytes + more > this.#maxBytes) throw new FileError('ENOSPC');
    this.#bytes += more;
    kept.size = size;
  }
}
