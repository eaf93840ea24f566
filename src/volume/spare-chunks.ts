/**
 * Memory of removed content, for the content that comes next. An engine counts what is allocated and
 * collects garbage for it, on a core that the guest has use for, however soon it is free again.
 */
const MAX_SPARE_CHUNKS = 64;

/** Of one length, that of a whole chunk. */
export class SpareChunks {
  readonly #chunks: Uint8Array[] = [];

  give(chunk: Uint8Array): void {
    if (this.#chunks.length < MAX_SPARE_CHUNKS) this.#chunks.push(chunk);
  }

  /** All zeros, as a new one. */
  take(): Uint8Array | undefined {
    return this.#chunks.pop()?.fill(0);
  }

  clear(): void {
    this.#chunks.length = 0;
  }
}
