/** The checksum of zip entries, eight bytes at a time ("slicing by 8"). */
const SLICES = 8;
const TABLE = makeTable();

function makeTable(): Uint32Array {
  const table = new Uint32Array(256 * SLICES);
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    table[byte] = value;
  }
  for (let index = 256; index < table.length; index++) {
    const value = at(table, index - 256);
    table[index] = (value >>> 8) ^ at(table, value & 0xff);
  }
  return table;
}

/** Every index below is within bounds: the checker can't see it, and a `?? 0` costs nothing. */
function at(numbers: Uint32Array | Uint8Array, index: number): number {
  return numbers[index] ?? 0;
}

export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  let index = 0;
  for (const end = bytes.length - (SLICES - 1); index < end; index += SLICES) {
    crc ^=
      at(bytes, index) |
      (at(bytes, index + 1) << 8) |
      (at(bytes, index + 2) << 16) |
      (at(bytes, index + 3) << 24);
    crc =
      at(TABLE, 1792 + (crc & 0xff)) ^
      at(TABLE, 1536 + ((crc >>> 8) & 0xff)) ^
      at(TABLE, 1280 + ((crc >>> 16) & 0xff)) ^
      at(TABLE, 1024 + (crc >>> 24)) ^
      at(TABLE, 768 + at(bytes, index + 4)) ^
      at(TABLE, 512 + at(bytes, index + 5)) ^
      at(TABLE, 256 + at(bytes, index + 6)) ^
      at(TABLE, at(bytes, index + 7));
  }
  for (; index < bytes.length; index++) {
    crc = (crc >>> 8) ^ at(TABLE, (crc ^ at(bytes, index)) & 0xff);
  }
  return ~crc >>> 0;
}
