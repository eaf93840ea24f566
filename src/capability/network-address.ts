/**
 * Which hosts are not out there: the machine itself, its neighbours, and addresses that lead nowhere. Names and
 * addresses come as the URL parser writes them (`0x7f.1` is `127.0.0.1` by then, `[::FFFF:127.0.0.1]` is
 * `[::ffff:7f00:1]`), or as a resolver does.
 */

/** The first bits of an address that say what it is, and how many of them count. */
type Range = readonly [prefix: string, bits: number, what: string];

/** What IANA's registry has as not globally reachable, and what is deprecated. */
const IPV4_RANGES: readonly Range[] = [
  ['0.0.0.0', 8, 'an unspecified address'],
  ['10.0.0.0', 8, 'a private address'],
  ['100.64.0.0', 10, "a carrier's address"],
  ['127.0.0.0', 8, 'a loopback address'],
  ['169.254.0.0', 16, 'a link-local address'],
  ['172.16.0.0', 12, 'a private address'],
  ['192.0.0.0', 24, 'a special-purpose address'],
  ['192.0.2.0', 24, 'an address for documentation'],
  ['192.88.99.0', 24, 'a special-purpose address'],
  ['192.168.0.0', 16, 'a private address'],
  ['198.18.0.0', 15, 'an address for benchmarks'],
  ['198.51.100.0', 24, 'an address for documentation'],
  ['203.0.113.0', 24, 'an address for documentation'],
  ['224.0.0.0', 4, 'a multicast address'],
  ['240.0.0.0', 4, 'a reserved address'],
];

/** Of the addresses in `2000::/3`; of the others those that have a name. */
const IPV6_RANGES: readonly Range[] = [
  ['::', 128, 'an unspecified address'],
  ['::1', 128, 'a loopback address'],
  ['64:ff9b:1::', 48, 'a private address'],
  ['2001::', 23, 'a special-purpose address'],
  ['2001:db8::', 32, 'an address for documentation'],
  ['3fff::', 20, 'an address for documentation'],
  ['fc00::', 7, 'a unique-local address'],
  ['fe80::', 10, 'a link-local address'],
  ['fec0::', 10, 'a site-local address'],
  ['ff00::', 8, 'a multicast address'],
];

/** They have an IPv4 address in them, from this byte on, and lead where it does. */
const IPV4_CARRIERS: readonly (readonly [prefix: string, bits: number, at: number])[] = [
  ['::ffff:0:0', 96, 12],
  ['64:ff9b::', 96, 12],
  ['2002::', 16, 2],
];

/** Last labels that mean something in a local network only, or nothing anywhere. */
const SPECIAL_NAMES: readonly string[] = [
  ...[
    'localhost',
    'localdomain',
    'local',
    'internal',
    'intranet',
    'lan',
    'home',
    'corp',
    'private',
  ],
  ...['home.arpa', 'test', 'invalid', 'example', 'onion', 'alt'],
];

/**
 * What the host is that only an entry with its very name allows: `a loopback address`. Nothing for what is public as
 * far as its spelling tells; where a name leads, nobody knows before it is looked up.
 */
export function specialHost(hostname: string): string | undefined {
  const host = hostname.toLowerCase();
  if (host.startsWith('[') && host.endsWith(']')) return specialAddress(host.slice(1, -1));
  if (parseIpv4(host) !== undefined) return specialAddress(host);
  if (host.endsWith('.')) return 'a name with a dot at its end';
  const special = SPECIAL_NAMES.find((name) => host === name || host.endsWith(`.${name}`));
  if (special !== undefined) return `a local name (${special})`;
  return host.includes('.') ? undefined : 'a local name without a dot';
}

/** As `specialHost`, for an address without brackets. What is no address is special. */
export function specialAddress(address: string): string | undefined {
  const ipv4 = parseIpv4(address);
  if (ipv4 !== undefined) return specialIpv4(ipv4);
  const ipv6 = parseIpv6(address);
  return ipv6 === undefined ? 'no address' : specialIpv6(ipv6);
}

function specialIpv4(bytes: readonly number[]): string | undefined {
  return IPV4_RANGES.find(([prefix, bits]) => hasPrefix(bytes, parseIpv4(prefix), bits))?.[2];
}

function specialIpv6(bytes: readonly number[]): string | undefined {
  const carrier = IPV4_CARRIERS.find(([prefix, bits]) => hasPrefix(bytes, parseIpv6(prefix), bits));
  if (carrier !== undefined) return specialIpv4(bytes.slice(carrier[2], carrier[2] + 4));
  const range = IPV6_RANGES.find(([prefix, bits]) => hasPrefix(bytes, parseIpv6(prefix), bits));
  if (range !== undefined) return range[2];
  return hasPrefix(bytes, parseIpv6('2000::'), 3) ? undefined : 'a reserved address';
}

function hasPrefix(
  bytes: readonly number[],
  prefix: readonly number[] = [],
  bits: number,
): boolean {
  return prefix.every((byte, index) => {
    const counted = Math.min(8, Math.max(0, bits - index * 8));
    return (((bytes[index] ?? 0) ^ byte) & (0xff00 >> counted) & 0xff) === 0;
  });
}

/** Four decimal numbers, which is how the URL parser and resolvers write it. */
function parseIpv4(text: string): number[] | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return undefined;
  const bytes = text.split('.').map(Number);
  return bytes.every((byte) => byte < 256) ? bytes : undefined;
}

/** Sixteen bytes. A zone (`%eth0`) is none of an address here. */
function parseIpv6(text: string): number[] | undefined {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (dotted !== null) {
    const [a, b, c, d] = parseIpv4(dotted[2] ?? '') ?? [];
    if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined;
    const groups = [a * 256 + b, c * 256 + d].map((group) => group.toString(16));
    return parseIpv6(`${dotted[1]}${groups.join(':')}`);
  }
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const gap = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? gap !== 0 : gap < 1) return undefined;
  const groups = [...head, ...new Array<string>(gap).fill('0'), ...(tail ?? [])];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.flatMap((group) => {
    const number = Number.parseInt(group, 16);
    return [number >> 8, number & 0xff];
  });
}
