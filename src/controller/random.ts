/** Where a guest's random bytes come from. */

/** Fills bytes with what is random, or only looks like it. */
export type Random = (bytes: Uint8Array<ArrayBuffer>) => void;

/** The engine's own; with a seed, the same bytes each time. */
export function randomFrom(seed: number | string | undefined): Random {
  return seed === undefined ? (bytes) => crypto.getRandomValues(bytes) : seeded(String(seed));
}

/**
 * SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014), started from
 * FNV-1a of the seed's text: well spread numbers, no secrets.
 */
function seeded(seed: string): Random {
  let state = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(seed)) {
    state = BigInt.asUintN(64, (state ^ BigInt(byte)) * 0x100000001b3n);
  }
  const word = new BigUint64Array(1);
  const octets = new Uint8Array(word.buffer);
  return (bytes) => {
    for (let offset = 0; offset < bytes.length; offset += 8) {
      state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
      let mixed = BigInt.asUintN(64, (state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n);
      mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn);
      word[0] = mixed ^ (mixed >> 31n);
      bytes.set(octets.subarray(0, bytes.length - offset), offset);
    }
  };
}
