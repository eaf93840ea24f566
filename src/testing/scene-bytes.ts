/** Drawing commands as bytes, as a guest would send them. */

export class SceneBytes {
  readonly #bytes: number[] = [];

  get bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  byte(value: number): this {
    this.#bytes.push(value);
    return this;
  }

  long(value: number): this {
    this.#bytes.push(...new Uint8Array(Uint32Array.of(value).buffer));
    return this;
  }

  float(...values: number[]): this {
    this.#bytes.push(...new Uint8Array(Float32Array.of(...values).buffer));
    return this;
  }

  /** Red, one pixel wide, with flat ends. */
  line(number: number, ...coordinates: number[]): this {
    this.byte(1).long(number).byte(0).long(0xff0000ff).long(0).float(1).byte(0);
    return this.long(coordinates.length / 2).float(...coordinates);
  }
}
