import { wasi } from '@bjorn3/browser_wasi_shim';
import { describe, expect, test } from 'vitest';
import { errno, errnoName, FileError } from './errno';
import { encodeRefusal, ReplyWriter, RequestReader, RequestWriter } from './frame';
import { drive, isLater, settle } from './maybe';
import { DirentWriter } from './records';
import { findHostCall, hostCallNames, hostCalls, hostCallTable } from './table';

const utf8 = new TextEncoder();

function request(name: (typeof hostCallNames)[number], write: (to: RequestWriter) => void) {
  const writer = new RequestWriter();
  writer.begin(hostCallNames.indexOf(name));
  write(writer);
  return writer.finish();
}

describe('the host-call table', () => {
  test('has every call of preview1', () => {
    expect(Object.keys(hostCallTable.wasi_snapshot_preview1)).toHaveLength(46);
    expect(hostCallNames).toHaveLength(46 + Object.keys(hostCallTable.glovebox).length);
  });

  test('finds calls by module and name, and no property of a plain object', () => {
    expect(findHostCall('wasi_snapshot_preview1', 'fd_read')).toBe('fd_read');
    expect(findHostCall('glovebox', 'poll')).toBe('poll');
    expect(findHostCall('glovebox', 'fd_read')).toBeUndefined();
    expect(findHostCall('wasi_snapshot_preview1', 'toString')).toBeUndefined();
    expect(findHostCall('__proto__', 'toString')).toBeUndefined();
  });
});

describe('errors', () => {
  test('have the numbers of the ABI and the names of POSIX', () => {
    const known = Object.entries(wasi).filter(([name]) => /^ERRNO_(?!SUCCESS)/.test(name));
    expect(errno).toEqual(
      Object.fromEntries(known.map(([name, number]) => [name.replace('ERRNO_', 'E'), number])),
    );
    expect(errnoName(44)).toBe('ENOENT');
    expect(errnoName(999)).toBe('errno 999');
    expect(new FileError('E2BIG').errno).toBe(1);
  });
});

describe('frames', () => {
  test('bring back what was written', () => {
    const frame = request('path_open', (to) => {
      to.u32(3);
      to.u32(1);
      to.bytes(utf8.encode('ä/b'));
      to.u32(4);
      to.u64(2n ** 63n);
      to.u64(7n);
      to.u32(1);
    });
    expect(new RequestReader().read(frame)).toEqual({
      name: 'path_open',
      args: { fd: 3, lookup: 1, path: 'ä/b', open: 4, base: 2n ** 63n, inheriting: 7n, flags: 1 },
    });
  });

  test('that are cut short anywhere are EINVAL, for every call', () => {
    const reader = new RequestReader();
    for (const name of hostCallNames) {
      const kinds = Object.values(hostCalls[name].args).filter((kind) => kind !== 'strings');
      const frame = request(name, (to) => {
        for (const kind of kinds) {
          if (kind === 'u64' || kind === 's64') to.u64(1n);
          else if (kind === 'path' || kind === 'bytes' || kind === 'gather')
            to.bytes(Uint8Array.of(65));
          else if (kind === 'subscriptions') to.u32(0);
          else to.u32(1);
        }
      });
      expect(reader.read(frame).name).toBe(name);
      for (let length = 0; length < frame.length; length++) {
        expect(() => reader.read(frame.subarray(0, length))).toThrow(FileError);
      }
    }
  });

  test('with a call that is not in the table are ENOSYS', () => {
    const writer = new RequestWriter();
    writer.begin(9999);
    expect(() => new RequestReader().read(writer.finish())).toThrow('ENOSYS');
  });

  test('with a length that is a lie are EINVAL, and nothing of that size is allocated', () => {
    const frame = request('path_unlink_file', (to) => {
      to.u32(3);
      to.u32(0xffff_ffff);
    });
    expect(() => new RequestReader().read(frame)).toThrow('EINVAL');
    const poll = request('poll_oneoff', (to) => to.u32(0xffff_ffff));
    expect(() => new RequestReader().read(poll)).toThrow('EINVAL');
  });

  test.each([
    ['not UTF-8', [0xff, 0xfe], 'EILSEQ'],
    ['an overlong slash', [0xc0, 0xaf], 'EILSEQ'],
    ['a lone surrogate', [0xed, 0xa0, 0x80], 'EILSEQ'],
    ['a NUL', [0x61, 0x00, 0x62], 'EINVAL'],
  ])('refuse a path that has %s', (_title, bytes, name) => {
    const frame = request('path_unlink_file', (to) => {
      to.u32(3);
      to.bytes(Uint8Array.from(bytes));
    });
    expect(() => new RequestReader().read(frame)).toThrow(name);
  });

  test('carry results as the ABI lays them out', () => {
    const writer = new ReplyWriter();
    expect(writer.write('fd_write', 258).payload).toEqual(Uint8Array.of(2, 1, 0, 0));
    expect(writer.write('fd_tell', 1n).payload).toEqual(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0));
    expect(writer.write('args_get', ['a', 'bc']).payload).toEqual(utf8.encode('a\0bc\0'));
    expect(encodeRefusal(errno.EBADF)).toEqual({
      errno: errno.EBADF,
      payload: new Uint8Array(0),
    });
  });

  const allOnes = 2n ** 64n - 1n;
  const filestat = {
    device: 1n,
    inode: 2 ** 40 + 2,
    filetype: 4,
    links: 3,
    size: Number.MAX_SAFE_INTEGER,
    accessedNs: 6n,
    modifiedNs: allOnes,
    changedNs: 8n,
  };

  test('carry records without anything of an earlier reply between their fields', () => {
    const writer = new ReplyWriter();
    const ones = { ...filestat, device: allOnes, accessedNs: allOnes, changedNs: allOnes };
    writer.write('fd_filestat_get', { ...ones, inode: 2 ** 53 - 1, links: 2 ** 53 - 1 });
    const fdstat = { filetype: 4, flags: 1, base: 2n, inheriting: 3n };
    expect([...writer.write('fd_fdstat_get', fdstat).payload]).toEqual([
      ...[4, 0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0],
    ]);
    const { payload } = writer.write('fd_filestat_get', filestat);
    const fields = new BigUint64Array(payload.slice().buffer);
    const expected = [1n, 2n ** 40n + 2n, 4n, 3n, 2n ** 53n - 1n, 6n, allOnes, 8n];
    expect([...fields]).toEqual(expected);
  });

  test.each([
    ['a fraction', { inode: 1.5 }],
    ['a negative size', { size: -1 }],
    ['too much', { links: 2 ** 60 }],
    ['text', { size: '7' }],
    ['nothing', { modifiedNs: undefined }],
  ])('refuse %s as a number of a file, whoever gave it', (_title, bad) => {
    const result = { ...filestat, ...bad } as typeof filestat;
    expect(() => new ReplyWriter().write('fd_filestat_get', result)).toThrow();
  });
});

describe('steps', () => {
  function* double(value: number | Promise<number>) {
    return (yield* settle(value)) * 2;
  }

  test('run straight through when every answer is there', () => {
    expect(drive(double(4))).toBe(8);
  });

  test('go on later from an answer that is not', async () => {
    const result = drive(double(Promise.resolve(4)));
    expect(isLater(result)).toBe(true);
    expect(await result).toBe(8);
  });

  test('can catch the failure of an answer, at once or later', async () => {
    function* careful(answer: () => number | Promise<number>) {
      try {
        return yield* settle(answer());
      } catch {
        return -1;
      }
    }
    const fail = (): never => {
      throw new Error('no');
    };
    expect(drive(careful(fail))).toBe(-1);
    expect(await drive(careful(() => Promise.reject(new Error('no'))))).toBe(-1);
  });

  test('reject when a later step fails', async () => {
    function* failing() {
      yield* settle(Promise.resolve(1));
      throw new FileError('EIO');
    }
    await expect(drive(failing())).rejects.toThrow('EIO');
  });
});

describe('directory entries', () => {
  test('lie one after the other as the ABI has them, whatever their names', () => {
    const writer = new DirentWriter(100_000);
    const names = ['a', 'größe', '\u{1f40d}', 'x'.repeat(255), ...Array(300).fill('many')];
    for (const [index, name] of names.entries()) {
      writer.add({ next: 2 ** 52 + index, inode: 2 ** 40 + index, filetype: 4, name });
    }
    const bytes = writer.finish();
    const view = new DataView(bytes.buffer);
    let at = 0;
    for (const [index, name] of names.entries()) {
      const length = view.getUint32(at + 16, true);
      expect(view.getBigUint64(at, true)).toBe(2n ** 52n + BigInt(index));
      expect(view.getBigUint64(at + 8, true)).toBe(2n ** 40n + BigInt(index));
      expect(view.getUint32(at + 20, true)).toBe(4);
      expect(new TextDecoder().decode(bytes.subarray(at + 24, at + 24 + length))).toBe(name);
      at += 24 + length;
    }
    expect(at).toBe(bytes.length);
  });

  test('are cut off where there is no more room', () => {
    const writer = new DirentWriter(30);
    writer.add({ next: 1, inode: 1, filetype: 4, name: 'name' });
    expect(writer.left).toBe(2);
    writer.add({ next: 2, inode: 2, filetype: 4, name: 'more' });
    expect(writer.left).toBe(0);
    expect(writer.finish()).toHaveLength(30);
  });
});
