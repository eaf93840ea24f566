/** A set of small whole numbers that mostly lie side by side, as the chunks of a file do. */
export type Range = readonly [first: number, count: number];

export class RangeSet {
  /** First number and first number past it, in order, never touching. */
  readonly #ranges: [number, number][] = [];

  static from(ranges: Iterable<Range>): RangeSet {
    const set = new RangeSet();
    for (const [first, count] of ranges) set.#ranges.push([first, first + count]);
    return set;
  }

  get isEmpty(): boolean {
    return this.#ranges.length === 0;
  }

  has(number: number): boolean {
    const range = this.#ranges[this.#search(number)];
    return range !== undefined && range[0] <= number;
  }

  add(number: number): void {
    const index = this.#search(number);
    const next = this.#ranges[index];
    if (next !== undefined && next[0] <= number) return;
    const before = this.#ranges[index - 1];
    if (before?.[1] === number) {
      before[1]++;
      if (next?.[0] === number + 1) {
        before[1] = next[1];
        this.#ranges.splice(index, 1);
      }
    } else if (next?.[0] === number + 1) next[0] = number;
    else this.#ranges.splice(index, 0, [number, number + 1]);
  }

  delete(number: number): void {
    const index = this.#search(number);
    const range = this.#ranges[index];
    if (range === undefined || range[0] > number) return;
    const [first, end] = range;
    const kept: [number, number][] = [];
    if (first < number) kept.push([first, number]);
    if (number + 1 < end) kept.push([number + 1, end]);
    this.#ranges.splice(index, 1, ...kept);
  }

  /** Whether there was anything to remove. */
  removeFrom(number: number): boolean {
    const index = this.#search(number);
    const range = this.#ranges[index];
    if (range === undefined) return false;
    this.#ranges.length = range[0] < number ? index + 1 : index;
    if (range[0] < number) range[1] = number;
    return true;
  }

  *[Symbol.iterator](): Iterator<Range> {
    for (const [first, end] of this.#ranges) yield [first, end - first];
  }

  /** The index of the first range that ends past the number. */
  #search(number: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ranges[middle]?.[1] ?? 0) <= number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
