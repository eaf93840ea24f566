// What a WebAssembly module's binary format is made of.

const HEADER_BYTES = 8;

export class ByteReader {
  #bytes;
  #position;

  constructor(bytes, position = 0) {
    this.#bytes = bytes;
    this.#position = position;
  }

  get atEnd() {
    return this.#position >= this.#bytes.length;
  }

  byte() {
    return this.#bytes[this.#position++];
  }

  /** LEB128; where the format has signed numbers, those below zero are not to be had. */
  number() {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  take(length) {
    this.#position += length;
    return this.#bytes.subarray(this.#position - length, this.#position);
  }

  name() {
    return this.take(this.number()).toString('utf8');
  }

  list(read) {
    return Array.from({ length: this.number() }, () => read());
  }
}

/** [{ id, content }] in the order of the module. */
export function readSections(wasm) {
  const reader = new ByteReader(wasm, HEADER_BYTES);
  const sections = [];
  while (!reader.atEnd) {
    const id = reader.byte();
    sections.push({ id, content: reader.take(reader.number()) });
  }
  return sections;
}

/** A module of those sections, with the header of that one. */
export function writeSections(wasm, sections) {
  const parts = sections.map(({ id, content }) => [
    Buffer.from([id]),
    encodeNumber(content.length),
    content,
  ]);
  return Buffer.concat([wasm.subarray(0, HEADER_BYTES), ...parts.flat()]);
}

/** LEB128. `signed`: as the format has it for constants. */
export function encodeNumber(value, { signed = false } = {}) {
  const bytes = [];
  const last = signed ? 0x40 : 0x80;
  let rest = value;
  for (; rest >= last; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}
