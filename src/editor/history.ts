/** Entries made before, walked with the arrow keys; the line being written waits at the end. */
export class History {
  readonly #entries: string[] = [];
  readonly #most: number;
  #position = 0;
  #draft = '';

  constructor(most = 500) {
    this.#most = most;
  }

  add(entry: string): void {
    if (entry.trim() !== '' && entry !== this.#entries.at(-1)) this.#entries.push(entry);
    if (this.#entries.length > this.#most) this.#entries.shift();
    this.#position = this.#entries.length;
    this.#draft = '';
  }

  /** The entry before the one shown; undefined at the oldest. */
  back(shown: string): string | undefined {
    if (this.#position === 0) return undefined;
    if (this.#position === this.#entries.length) this.#draft = shown;
    this.#position -= 1;
    return this.#entries[this.#position];
  }

  /** The entry after the one shown, at last the draft; undefined when it is shown already. */
  forward(): string | undefined {
    if (this.#position === this.#entries.length) return undefined;
    this.#position += 1;
    return this.#entries[this.#position] ?? this.#draft;
  }
}
