import { describe, expect, it } from 'vitest';
import { filesIn } from '../node/platform';
import { guestFolder, platform } from '../testing/guest-test';
import type { GuestFiles } from './guest-files';
import { PythonGuest } from './python-guest';
import { Sandbox } from './sandbox';

const files = filesIn(guestFolder);

async function withSandbox(
  given: GuestFiles,
  use: (sandbox: Sandbox, guest: PythonGuest) => Promise<void>,
): Promise<void> {
  const guest = await PythonGuest.load(given, {}, platform);
  const sandbox = await Sandbox.create({ guest }, platform);
  try {
    await use(sandbox, guest);
  } finally {
    sandbox.dispose();
    guest.dispose();
  }
}

describe("tables that are the library's", () => {
  it('tell of characters', () =>
    withSandbox(files, async (sandbox) => {
      const told = await sandbox.evaluate(`[
        eval(r"'\\N{SNOWMAN}\\N{LATIN SMALL LETTER E WITH ACUTE}'"),
        *(f(c) for u in [__import__('unicodedata')] for f in (u.name, u.category, u.east_asian_width) for c in '漢ö'),
        __import__('unicodedata').normalize('NFD', 'ö') == 'o\\u0308',
        __import__('unicodedata').ucd_3_2_0.name('ö'),
      ]`);
      expect(told).toEqual([
        '☃é',
        ...['CJK UNIFIED IDEOGRAPH-6F22', 'LATIN SMALL LETTER O WITH DIAERESIS'],
        ...['Lo', 'Ll', 'W', 'N', true, 'LATIN SMALL LETTER O WITH DIAERESIS'],
      ]);
    }));

  // Each with the bytes that its standard gives.
  it.for([
    ['gb2312', '汉字', 'babad7d6'],
    ['gbk', '漢', '9d68'],
    ['gb18030', '😀', '9439fc36'],
    ['hz', '汉', '7e7b3a3a7e7d'],
    ['big5', '漢', 'ba7e'],
    ['cp950', '字', 'a672'],
    ['big5hkscs', '䏰', '8740'],
    ['shift_jis', 'あ', '82a0'],
    ['cp932', '①', '8740'],
    ['euc_jp', '漢', 'b4c1'],
    ['shift_jisx0213', 'あ', '82a0'],
    ['iso2022_jp', 'あ', '1b244224221b2842'],
    ['euc_kr', '한', 'c7d1'],
    ['cp949', '똠', '8c63'],
    ['johab', '한', 'd065'],
    ['iso2022_kr', '한', '1b2429430e47510f'],
  ])('encode as %s', ([encoding, text, bytes]) =>
    withSandbox(files, async (sandbox) => {
      const there = `${JSON.stringify(text)}.encode('${encoding}').hex()`;
      const back = `bytes.fromhex('${bytes}').decode('${encoding}')`;
      expect(await sandbox.evaluate(`[${there}, ${back}]`)).toEqual([bytes, text]);
    }),
  );

  it('go with a guest that is captured', () =>
    withSandbox(files, async (sandbox, guest) => {
      await sandbox.run('import unicodedata; "漢".encode("gbk")');
      const image = await sandbox.snapshot();
      const restored = await Sandbox.restore(image, { guest }, platform);
      try {
        const told = await restored.evaluate('[unicodedata.name("漢"), "漢".encode("gbk").hex()]');
        expect(told).toEqual(['CJK UNIFIED IDEOGRAPH-6F22', '9d68']);
      } finally {
        restored.dispose();
      }
    }));

  it('are missing where the library can not be loaded', async () => {
    const without: GuestFiles = {
      ...files,
      read: (name) =>
        name === 'library-tables.zip' ? Promise.reject(new Error('no network')) : files.read(name),
    };
    await withSandbox(without, async (sandbox) => {
      const outcome = await sandbox.run('import unicodedata');
      expect(outcome).toMatchObject({ status: 'error', error: { type: 'ImportError' } });
      expect(outcome).toMatchObject({
        error: { message: expect.stringContaining('lib-dynload/unicodedata.tables') },
      });
      expect(await sandbox.evaluate('6 * 7')).toBe(42);
    });
  });
});
