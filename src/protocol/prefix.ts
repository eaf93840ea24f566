/** The first bytes of a buffer: where they are as many as last time, in the same view, which takes time to make. */
export class Prefix {
  readonly #bytes: Uint8Array;
  #last: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#last = bytes;
  }

  first(length: number): Uint8Array {
    if (this.#last.length !== length) this.#last = this.#bytes.subarray(0, length);
    return this.#last;
  }
}
