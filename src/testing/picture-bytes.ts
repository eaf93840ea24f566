/** Heads of pictures, as files begin: what a check reads of them. */

const text = new TextEncoder();

export function pngHead(width: number, height: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(33);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const view = new DataView(bytes.buffer);
  view.setUint32(8, 13);
  bytes.set(text.encode('IHDR'), 12);
  view.setUint32(16, width);
  view.setUint32(20, height);
  return bytes;
}

export function jpegHead(width: number, height: number): Uint8Array<ArrayBuffer> {
  const comment = [0xff, 0xfe, 0, 4, 1, 2];
  const frame = [
    0xff,
    0xc2,
    0,
    11,
    8,
    height >> 8,
    height & 255,
    width >> 8,
    width & 255,
    1,
    1,
    17,
    0,
  ];
  return Uint8Array.from([0xff, 0xd8, ...comment, 0xff, ...frame, 0xff, 0xd9]);
}

/** With one frame for each size, beside the whole's. */
export function gifOf(
  width: number,
  height: number,
  ...frames: (readonly [number, number])[]
): Uint8Array<ArrayBuffer> {
  const short = (value: number): number[] => [value & 255, value >> 8];
  const images = frames.flatMap(([wide, high]) => [
    ...[0x2c, 0, 0, 0, 0, ...short(wide), ...short(high), 0],
    ...[2, 2, 0x44, 1, 0],
  ]);
  const palette = [0, 0, 0, 255, 255, 255];
  const extension = [0x21, 0xf9, 4, 0, 0, 0, 0, 0];
  return Uint8Array.from([
    ...text.encode('GIF89a'),
    ...[...short(width), ...short(height), 0x80, 0, 0],
    ...[...palette, ...extension, ...images, 0x3b],
  ]);
}
