import fc from 'fast-check';
import { deflateSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { refusal, string, text } from '../testing/volume-helpers';
import { writeZip, type ZipPart } from '../testing/zip-writer';
import { ZipError } from './zip-error';
import { ZipVolume } from './zip-volume';

describe('ZipVolume refuses', () => {
  const small = { name: 'small', content: 'x' };
  const part = (lie: Partial<ZipPart>): ZipPart => ({ name: 'entry', content: 'content', ...lie });

  it.each<[string, string, readonly ZipPart[], string?]>([
    ['an absolute name', 'zip-name', [part({ name: '/etc/passwd' })], '/etc/passwd'],
    ['a name that climbs', 'zip-name', [part({ name: 'a/../../b' })], 'a/../../b'],
    ['a name that begins with a dot', 'zip-name', [part({ name: './a' })], './a'],
    ['an empty component', 'zip-name', [part({ name: 'a//b' })], 'a//b'],
    ['an empty name', 'zip-name', [part({ name: '' })], ''],
    ['a bare slash', 'zip-name', [part({ name: '/', content: '' })], '/'],
    ['a NUL in a name', 'zip-name', [part({ name: 'a\0b' })], 'a\0b'],
    ['a component of 256 bytes', 'zip-name', [part({ name: 'x'.repeat(256) })], 'x'.repeat(256)],
    [
      'a name marked as UTF-8 that is not',
      'zip-name',
      [part({ name: new Uint8Array([0xff]), flags: 0x0800 })],
    ],
    ['a path of 8 KiB', 'zip-name', [part({ name: `${'x/'.repeat(4096)}y` })]],
    ['one name twice', 'zip-duplicate', [part({}), small, part({})], 'entry'],
    ['one directory twice', 'zip-duplicate', [{ name: 'd/' }, { name: 'd/' }], 'd'],
    ['a file that is a directory, too', 'zip-duplicate', [{ name: 'd/f' }, { name: 'd' }], 'd'],
    ['a file on the way to another', 'zip-duplicate', [{ name: 'd' }, { name: 'd/f' }], 'd/f'],
    [
      'a link on the way to a file',
      'zip-duplicate',
      [{ name: 'd', content: '..', mode: 0o120777 }, { name: 'd/f' }],
      'd/f',
    ],
    ['an encrypted entry', 'zip-encrypted', [part({ flags: 1 })], 'entry'],
    ['a strongly encrypted entry', 'zip-encrypted', [part({ flags: 0x41 })], 'entry'],
    ['masked headers', 'zip-encrypted', [part({ flags: 0x2000 })], 'entry'],
    ['patch data', 'zip-method', [part({ flags: 0x20 })], 'entry'],
    ['another compression method', 'zip-method', [part({ method: 12 })], 'entry'],
    ['a zip64 entry', 'zip-unsupported', [part({ bytes: 0xffffffff })], 'entry'],
    ['a device', 'zip-kind', [part({ mode: 0o020666, content: '' })], 'entry'],
    ['a file marked as a directory', 'zip-kind', [part({ mode: 0o040755 })], 'entry'],
    ['a directory with content', 'zip-kind', [part({ name: 'd/' })], 'd'],
    ['an empty link', 'zip-kind', [part({ mode: 0o120777, content: '' })], 'entry'],
    ['a link with a NUL', 'zip-kind', [part({ mode: 0o120777, content: 'a\0b' })], 'entry'],
    [
      'a link of 5,000 bytes',
      'zip-kind',
      [part({ mode: 0o120777, content: 'x'.repeat(5000) })],
      'entry',
    ],
    ['a stored size that differs', 'zip-inconsistent', [part({ bytes: 8 })], 'entry'],
    [
      'a ratio that no deflate reaches',
      'zip-inconsistent',
      [part({ deflate: true, bytes: 1_000_000 })],
      'entry',
    ],
    ['a header offset outside', 'zip-overlap', [part({ headerOffset: 1_000_000 })], 'entry'],
    [
      'a size beyond the archive',
      'zip-overlap',
      [part({ bytes: 1_000_000, storedBytes: 1_000_000 })],
      'entry',
    ],
    [
      'two entries on the same bytes',
      'zip-overlap',
      [part({}), part({ name: 'twin', headerOffset: 0 })],
    ],
    [
      'an entry within another',
      'zip-overlap',
      [
        part({ name: 'outer', content: writeZip([small]) }),
        part({ name: 'inner', headerOffset: 35 }),
      ],
    ],
    ['no header at the offset', 'zip-inconsistent', [part({ headerOffset: 1 })], 'entry'],
    ['another name in the header', 'zip-inconsistent', [part({ localName: 'other' })], 'entry'],
    ['another method in the header', 'zip-inconsistent', [part({ localMethod: 8 })], 'entry'],
    ['another size in the header', 'zip-inconsistent', [part({ localBytes: 9 })], 'entry'],
  ])('%s', (_claim, code, parts, entry) => {
    const refuse = () => ZipVolume.from(writeZip(parts));
    expect(refuse).toThrow(ZipError);
    expect(refuse).toThrow(
      expect.objectContaining(entry === undefined ? { code } : { code, entry }),
    );
  });

  it.each<[string, string, Uint8Array]>([
    ['an empty file', 'zip-not-an-archive', new Uint8Array(0)],
    ['text', 'zip-not-an-archive', text('x'.repeat(1000))],
    ['an archive without its end', 'zip-not-an-archive', writeZip([small]).slice(0, -1)],
    ['an archive with something behind it', 'zip-not-an-archive', text(`${string(writeZip([]))}x`)],
    ['an archive with something before it', 'zip-inconsistent', text(`x${string(writeZip([]))}`)],
    ['an archive without its beginning', 'zip-inconsistent', writeZip([small]).slice(5)],
    ['several disks', 'zip-unsupported', writeZip([small], { disk: 1 })],
    ['zip64 by its count', 'zip-unsupported', writeZip([small], { entries: 0xffff })],
    ['zip64 by its offset', 'zip-unsupported', writeZip([small], { directoryOffset: 0xffffffff })],
    ['more entries than it has', 'zip-truncated', writeZip([small], { entries: 2 })],
    ['fewer entries than it has', 'zip-inconsistent', writeZip([small, part({})], { entries: 1 })],
    [
      'a directory that begins elsewhere',
      'zip-inconsistent',
      writeZip([small], { directoryOffset: 3 }),
    ],
    ['a directory of another size', 'zip-inconsistent', writeZip([small], { directoryBytes: 3 })],
  ])('%s', (_claim, code, archive) => {
    expect(() => ZipVolume.from(archive)).toThrow(expect.objectContaining({ code }));
  });

  it('more than its limits allow', () => {
    const archive = writeZip([
      { name: 'a', content: 'x'.repeat(600) },
      { name: 'b/c', content: 'x'.repeat(600), deflate: true },
    ]);
    const open =
      (options: object, archives = [archive]) =>
      () =>
        ZipVolume.from(archives, options);
    const limit = expect.objectContaining({ code: 'zip-limit' });
    expect(open({ maxEntries: 3, maxFileBytes: 600, maxTotalBytes: 1200 })).not.toThrow();
    expect(open({ maxEntries: 1 })).toThrow(limit);
    expect(open({ maxEntries: 2 })).toThrow(limit);
    expect(open({ maxFileBytes: 599 })).toThrow(limit);
    expect(open({ maxTotalBytes: 1199 })).toThrow(limit);
    const other = writeZip([{ name: 'd', content: 'x' }]);
    expect(open({ maxTotalBytes: 1200 }, [archive, other])).toThrow(limit);
    expect(open({ maxEntries: 3 }, [archive, other])).toThrow(limit);
    expect(open({ maxEntries: -1 })).toThrow(expect.objectContaining({ code: 'volume-limit' }));
  });

  it('a path that implies more directories than entries are allowed', () => {
    const parts = Array.from({ length: 20 }, (_, index) => ({
      name: `${index}/${'d/'.repeat(1000)}file`,
    }));
    const limit = expect.objectContaining({ code: 'zip-limit' });
    expect(() => ZipVolume.from(writeZip(parts), { maxEntries: 10_000 })).toThrow(limit);
  });
});

describe('ZipVolume answers EIO for an entry', () => {
  const zeros = new Uint8Array(30_000_000);
  const content = text('some content '.repeat(100));
  const packed = deflateSync(content);
  const lie = (change: Partial<ZipPart>) =>
    ZipVolume.from(writeZip([{ name: 'entry', content, deflate: true, ...change }]));

  it.each<[string, Partial<ZipPart>]>([
    ['whose checksum is wrong', { crc: 1 }],
    ['that holds more than announced', { bytes: 1299 }],
    ['that holds less than announced', { bytes: 1301 }],
    ['that ends too early', { stored: packed.slice(0, -4) }],
    ['that is no deflated data', { stored: new Uint8Array(200).fill(0xff) }],
    ['without any data', { stored: new Uint8Array([3, 0]) }],
    ['that is a bomb', { stored: deflateSync(zeros, { level: 9 }), bytes: 1000 }],
  ])('%s', async (_claim, change) => {
    const volume = lie(change);
    const entry = volume.lookup(volume.root, 'entry') ?? volume.root;
    expect(await refusal(() => volume.read(entry, 0, 10))).toBe('EIO');
    expect(await refusal(() => volume.read(entry, 0, 10))).toBe('EIO');
  });
});

describe('ZipVolume with random damage', () => {
  it('either refuses the archive or gives files by the directory, and never anything else', async () => {
    const archive = writeZip([
      { name: 'dir/', mode: 0o040755 },
      { name: 'dir/stored', content: 'stored content' },
      { name: 'dir/deflated', content: 'deflated '.repeat(30), deflate: true },
      { name: 'link', content: 'dir/stored', mode: 0o120777 },
    ]);
    const damage = fc.array(fc.record({ at: fc.nat(archive.length - 1), byte: fc.nat(255) }), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(damage, fc.nat(20), async (changes, cut) => {
        const damaged = archive.slice(0, cut > 15 ? archive.length - cut : archive.length);
        for (const { at, byte } of changes) if (at < damaged.length) damaged[at] = byte;
        let volume: ZipVolume;
        try {
          volume = ZipVolume.from(damaged);
        } catch (reason) {
          expect(reason).toBeInstanceOf(ZipError);
          return;
        }
        const pending = [volume.root];
        for (let inode = pending.pop(); inode !== undefined; inode = pending.pop()) {
          for (const entry of volume.list(inode, 0, 100)) {
            if (entry.kind === 'directory') pending.push(entry.inode);
            else if (entry.kind === 'symlink') await volume.readLink(entry.inode);
            else {
              const answer = await refusal(() => volume.read(entry.inode, 0, 1000));
              expect(['done', 'EIO']).toContain(answer);
            }
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});
