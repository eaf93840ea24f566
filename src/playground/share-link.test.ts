import { deflateSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../volume/crc32';
import {
  isShareFragment,
  MOST_LINK_CHARACTERS,
  readShareFragment,
  type ShareFault,
  ShareLinkError,
  shareFragment,
} from './share-link';

const programs = {
  files: new Map([
    ['main.py', 'print("héllo 🐍")\n'],
    ['lib/tools.py', 'x = 1\n'.repeat(500)],
  ]),
  main: 'lib/tools.py',
};

function fault(fragment: string): ShareFault | undefined {
  try {
    readShareFragment(fragment);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(ShareLinkError);
    return (error as ShareLinkError).fault;
  }
}

/** As the page makes them, of any content. */
function fragmentOf(content: Uint8Array | string): string {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const deflated = deflateSync(bytes, { level: 9 });
  const whole = Buffer.alloc(4 + deflated.length);
  whole.writeUInt32LE(crc32(deflated) >>> 0);
  whole.set(deflated, 4);
  return `#glovebox1=${whole.toString('base64url')}`;
}

describe('a share link', () => {
  it('gives back the programs that it was made of', () => {
    const fragment = shareFragment(programs);
    expect(isShareFragment(fragment)).toBe(true);
    expect(fragment).toMatch(/^#glovebox1=[\w-]+$/);
    expect(readShareFragment(fragment)).toEqual(programs);
  });

  it('is refused as damaged wherever it was cut off', () => {
    const fragment = shareFragment(programs);
    for (let length = '#glovebox1='.length; length < fragment.length; length++) {
      expect(fault(fragment.slice(0, length))).toBe('damaged');
    }
  });

  it('is refused with any character changed', () => {
    const fragment = shareFragment(programs);
    for (let at = '#glovebox1='.length; at < fragment.length - 1; at += 7) {
      const other = fragment[at] === 'A' ? 'B' : 'A';
      expect(fault(fragment.slice(0, at) + other + fragment.slice(at + 1))).toBe('damaged');
    }
  });

  it('of another version, or of none, says so', () => {
    expect(fault('#glovebox2=AAAA')).toBe('version');
    expect(fault('#glovebox')).toBe('version');
    expect(fault('#glovebox=abc')).toBe('version');
  });

  it('that unpacks to more than it may is given up early', () => {
    expect(fault(fragmentOf(new Uint8Array(8 * 2 ** 20)))).toBe('large');
  });

  it('that is itself too long is not even decoded', () => {
    expect(fault(`#glovebox1=${'A'.repeat(MOST_LINK_CHARACTERS + 1)}`)).toBe('large');
  });

  it.each([
    ['no JSON', 'print(1)'],
    ['no object', '42'],
    ['null', 'null'],
    ['no files', '{"main":"a.py"}'],
    ['a list of files', '{"files":["a.py"]}'],
    ['no file at all', '{"files":{}}'],
    ['a file that is no text', '{"files":{"a.py":1}}'],
    ['a path that climbs', '{"files":{"../a.py":""}}'],
    ['an absolute path', '{"files":{"/etc/a.py":""}}'],
    ['a path with a NUL', '{"files":{"a\\u0000b":""}}'],
    ['half a character in a path', '{"files":{"a\\ud800":""}}'],
    [
      'too many files',
      JSON.stringify({
        files: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`f${n}`, ''])),
      }),
    ],
  ])('made by hand with %s is refused', (_what, json) => {
    expect(fault(fragmentOf(json))).toBe('content');
  });

  it('made by hand with a name of the prototype is a file like any other', () => {
    const { files, main } = readShareFragment(
      fragmentOf('{"files":{"__proto__":"x"},"main":"toString"}'),
    );
    expect([...files]).toEqual([['__proto__', 'x']]);
    expect(main).toBe('__proto__');
  });

  it('is not made of more than it could be opened with', () => {
    const noise = Array.from({ length: 200_000 }, (_, n) =>
      (Math.imul(n, 2_654_435_761) >>> 0).toString(36),
    ).join('');
    expect(() => shareFragment({ files: new Map([['a', noise]]), main: 'a' })).toThrow(
      ShareLinkError,
    );
    expect(() => shareFragment({ files: new Map(), main: '' })).toThrow('nothing to share');
  });
});
