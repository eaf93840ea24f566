import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { EnvironmentError, ImageError } from '../errors';
import type { Fd } from '../protocol/numbers';
import { noise } from '../testing/stored-volume';
import { MemoryVolume } from '../volume/memory-volume';
import { SandboxImage } from './sandbox-image';
import type { SandboxState } from './sandbox-state';
import { decodeState, encodeState } from './state-bytes';

const home = MemoryVolume.from({ 'notes/a.txt': 'alpha', 'b.bin': noise(5000, 3) });
home.createSymlink(home.root, 'link', 'notes/ä.txt');

const state: SandboxState = {
  buildId: 'c0ffee',
  baseId: 'f00d',
  memory: { pages: 400, parts: Uint32Array.of(0, 256, 65_536, 512), bytes: noise(768, 1) },
  monotonicNs: 123_456_789_012_345n,
  stdinLeft: Uint8Array.of(1, 2, 3),
  mounts: ['/data', '/data/inner'],
  volumes: new Map([['/home', home.capture()]]),
  files: [
    { fd: 0 as Fd, kind: 'stream', stream: 'stdin', flags: 0, rights: 5, inheriting: 0 },
    { fd: 3 as Fd, kind: 'root', rights: 2 ** 29 - 1, inheriting: 1 },
    {
      fd: 4 as Fd,
      kind: 'file',
      place: {
        path: '/home/b.bin',
        own: { mount: '/home', inode: home.lookup(home.root, 'b.bin') ?? home.root },
      },
      flags: 1,
      rights: 77,
      inheriting: 0,
      position: 2 ** 40,
    },
    {
      fd: 7 as Fd,
      kind: 'directory',
      place: { path: '/data/x', own: undefined },
      flags: 0,
      rights: 3,
      inheriting: 9,
      position: 0,
    },
  ],
};

let file: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  file = await new SandboxImage(state).encode();
});

async function faultOf(
  bytes: Uint8Array,
  options?: Parameters<typeof SandboxImage.decode>[1],
): Promise<string> {
  try {
    await SandboxImage.decode(bytes, options);
    return 'none';
  } catch (error) {
    expect(error).toBeInstanceOf(ImageError);
    return (error as ImageError).reason;
  }
}

/** With the digest that belongs to what was changed. */
async function resealed(
  change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array,
): Promise<Uint8Array> {
  const content = change(file.slice(0, -32)).slice();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
  const whole = new Uint8Array(content.length + 32);
  whole.set(content);
  whole.set(digest, content.length);
  return whole;
}

/** With another header, and the right digest. */
function withHeader(text: string): Promise<Uint8Array> {
  return resealed((bytes) => {
    const length = new DataView(bytes.buffer).getUint32(12, true);
    const header = new TextEncoder().encode(text);
    const changed = new Uint8Array(bytes.length - length + header.length);
    changed.set(bytes.subarray(0, 16));
    new DataView(changed.buffer).setUint32(12, header.length, true);
    changed.set(header, 16);
    changed.set(bytes.subarray(16 + length), 16 + header.length);
    return changed;
  });
}

describe('an image of a sandbox as a file', () => {
  test('comes back as it was, wherever it lies in memory', async () => {
    expect((await SandboxImage.decode(file)).state).toEqual(state);
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    const image = await SandboxImage.decode(shifted.subarray(3));
    expect(image.state).toEqual(state);
    expect([image.buildId, image.mounts, image.heapBytes]).toEqual([
      'c0ffee',
      ['/data', '/data/inner'],
      400 * 65_536,
    ]);
  });

  test('is refused with one bit changed, wherever that is', async () => {
    const random = noise(4000, 9);
    const view = new DataView(random.buffer);
    for (let flip = 0; flip < 1000; flip++) {
      const bytes = file.slice();
      const at = view.getUint32(flip * 4, true) % bytes.length;
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (flip % 8));
      const expected = at < 8 ? 'foreign' : at < 12 ? 'version' : 'damaged';
      expect([at, await faultOf(bytes)]).toEqual([at, expected]);
    }
  });

  test('is refused when it is cut short, wherever that is', async () => {
    for (let point = 0; point < 100; point++) {
      const length = Math.floor((file.length * point) / 100);
      expect(await faultOf(file.subarray(0, length))).toBe(length < 16 ? 'foreign' : 'damaged');
    }
    expect(await faultOf(file.subarray(0, -1))).toBe('damaged');
    expect(await faultOf(Uint8Array.from([...file, 0]))).toBe('damaged');
  });

  test('of a newer format is refused', async () => {
    const newer = await resealed((bytes) => {
      new DataView(bytes.buffer).setUint32(8, 3, true);
      return bytes;
    });
    expect(await faultOf(newer)).toBe('version');
  });

  test.each([
    ['{"buildId":"c0ffee","baseId":"f00d","bytes":4294967296}', 'size'],
    ['{"buildId":"c0ffee","baseId":"f00d","bytes":100}', 'damaged'],
    ['{"buildId":"c0ffee","baseId":"f00d","bytes":100000}', 'damaged'],
    ['{"buildId":"c0ffee","baseId":"f00d","bytes":-1}', 'damaged'],
    ['{"buildId":"c0ffee","baseId":"f00d"}', 'damaged'],
    ['{"buildId":7,"baseId":"f00d","bytes":100}', 'damaged'],
    ['{"buildId":"c0ffee","bytes":100}', 'damaged'],
    ['null', 'damaged'],
    ['{', 'damaged'],
    ['', 'damaged'],
  ])('with the header %s is refused', async (header, fault) => {
    expect(await faultOf(await withHeader(header))).toBe(fault);
  });

  test('whose lengths lead out of it is refused', async () => {
    const header = await resealed((bytes) => {
      new DataView(bytes.buffer).setUint32(12, 0xffff_fff0, true);
      return bytes;
    });
    expect(await faultOf(header)).toBe('damaged');
    const signature = await resealed((bytes) => {
      new DataView(bytes.buffer).setUint32(bytes.length - 4, 0xffff_fff0, true);
      return bytes;
    });
    expect(await faultOf(signature)).toBe('damaged');
    expect(await faultOf(file, { maxBytes: 1000 })).toBe('size');
  });

  test.each(['Ed25519', { name: 'ECDSA', namedCurve: 'P-256' }])(
    'is signed with %j',
    async (by) => {
      const make = () =>
        crypto.subtle.generateKey(by, true, ['sign', 'verify']) as Promise<CryptoKeyPair>;
      const [mine, other] = [await make(), await make()];
      const signed = await new SandboxImage(state).encode({ signWith: mine.privateKey });
      const image = await SandboxImage.decode(signed, { verifyWith: mine.publicKey });
      expect(image.state).toEqual(state);
      expect(await faultOf(signed)).toBe('none');
      expect(await faultOf(signed, { verifyWith: other.publicKey })).toBe('signature');
      expect(await faultOf(file, { verifyWith: mine.publicKey })).toBe('signature');
    },
  );

  test('is not signed with what is no signature', async () => {
    const by = { name: 'HMAC', hash: 'SHA-256' };
    const key = (await crypto.subtle.generateKey(by, false, ['sign'])) as CryptoKey;
    await expect(new SandboxImage(state).encode({ signWith: key })).rejects.toThrow(
      'not with HMAC',
    );
  });

  test('says so where there is no Web Crypto', async () => {
    const { subtle } = crypto;
    Object.defineProperty(crypto, 'subtle', { value: undefined, configurable: true });
    try {
      await expect(new SandboxImage(state).encode()).rejects.toThrow(EnvironmentError);
    } finally {
      Object.defineProperty(crypto, 'subtle', { value: subtle, configurable: true });
    }
  });
});

describe('the state of a sandbox as bytes', () => {
  test('is nothing but a state, or an ImageError, whatever the bytes', () => {
    const bytes = encodeState(state);
    const edit = fc.record({
      at: fc.nat(bytes.length - 1),
      value: fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 127, 128, 255)),
    });
    const property = fc.property(
      fc.array(edit, { maxLength: 6 }),
      fc.nat(bytes.length),
      fc.boolean(),
      (edits, cut, cuts) => {
        const changed = bytes.slice(0, cuts ? cut : bytes.length);
        for (const { at, value } of edits) changed[at] = value;
        try {
          const { memory } = decodeState(changed);
          let end = 0;
          for (let index = 0; index < memory.parts.length; index += 2) {
            const [start = 0, length = 0] = [memory.parts[index], memory.parts[index + 1]];
            expect(start).toBeGreaterThanOrEqual(end);
            end = start + length;
          }
          expect(end).toBeLessThanOrEqual(memory.pages * 65_536);
        } catch (error) {
          expect(error).toBeInstanceOf(ImageError);
        }
      },
    );
    fc.assert(property, { numRuns: 5000 });
  });
});
