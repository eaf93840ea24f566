import { describe, expect } from 'vitest';
import { guestIt as it } from '../testing/guest-test';
import { MemoryVolume } from '../volume/memory-volume';

/** `answer(call)` is what the call gives, or the name of its refusal. */
const answer = `
import errno, os, select, stat, sys
def answer(call):
    try:
        return call()
    except OSError as error:
        return errno.errorcode.get(error.errno, type(error).__name__)
    except Exception as error:
        return type(error).__name__
`;

describe('the rights that libc asks for', () => {
  it('are enough for each mode of open()', async ({ open }) => {
    const python = await open();
    const shown = await python.printed(`${answer}
def use(mode):
    with open('/tmp/file', 'wb') as file: file.write(b'content')
    if 'x' in mode: os.remove('/tmp/file')
    with open('/tmp/file', mode) as file:
        done = [answer(call) for call in (
            lambda: file.read(2),
            lambda: file.write('new' if 't' in mode else b'new'),
            lambda: file.seek(0, 2) and None,
            lambda: file.truncate(5),
            lambda: os.fstat(file.fileno()).st_size,
            lambda: os.fsync(file.fileno()),
            lambda: os.fdatasync(file.fileno()),
            lambda: os.utime(file.fileno(), (1, 2)),
            lambda: file.isatty(),
        )]
    print(mode, *done, open('/tmp/file', 'rb').read())
for mode in ('rb', 'wb', 'ab', 'xb', 'r+b', 'w+b', 'a+b', 'x+b', 'rt', 'wt', 'w+t'): use(mode)
`);
    const no = 'UnsupportedOperation';
    expect(shown.split('\n')).toEqual([
      `rb b'co' ${no} None ${no} 7 None None None False b'content'`,
      `wb ${no} 3 None 5 5 None None None False b'new\\x00\\x00'`,
      `ab ${no} 3 None 5 5 None None None False b'conte'`,
      `xb ${no} 3 None 5 5 None None None False b'new\\x00\\x00'`,
      `r+b b'co' 3 None 5 5 None None None False b'conew'`,
      `w+b b'' 3 None 5 5 None None None False b'new\\x00\\x00'`,
      `a+b b'' 3 None 5 5 None None None False b'conte'`,
      `x+b b'' 3 None 5 5 None None None False b'new\\x00\\x00'`,
      `rt co ${no} None ${no} 7 None None None False b'content'`,
      `wt ${no} 3 None 5 5 None None None False b'new\\x00\\x00'`,
      `w+t  3 None 5 5 None None None False b'new\\x00\\x00'`,
      '',
    ]);
  });

  it('are enough for the flags of os.open(), and no more than was asked for', async ({ open }) => {
    const python = await open();
    const shown = await python.printed(`${answer}
def use(name, flags):
    with open('/tmp/file', 'wb') as file: file.write(b'content')
    fd = os.open('/tmp/file', flags)
    print(name, *[answer(call) for call in (
        lambda: os.read(fd, 2),
        lambda: os.pread(fd, 2, 1),
        lambda: os.write(fd, b'new'),
        lambda: os.pwrite(fd, b'!', 0),
        lambda: os.ftruncate(fd, 5),
        lambda: os.posix_fadvise(fd, 0, 1, os.POSIX_FADV_WILLNEED),
        lambda: os.lseek(fd, 0, os.SEEK_CUR),
        lambda: os.fsync(fd) or os.fdatasync(fd),
        lambda: os.set_blocking(fd, True),
        lambda: len(select.select([fd], [], [], 0)[0]),
        lambda: len(select.select([], [fd], [], 0)[1]),
    )])
    os.close(fd)
use('RDONLY', os.O_RDONLY)
use('WRONLY', os.O_WRONLY)
use('RDWR', os.O_RDWR)
use('APPEND', os.O_WRONLY | os.O_APPEND)
use('CREAT', os.O_RDWR | os.O_CREAT)
use('TRUNC', os.O_RDWR | os.O_TRUNC)
use('SYNC', os.O_RDWR | os.O_SYNC)
use('DSYNC', os.O_WRONLY | os.O_DSYNC)
use('NONBLOCK', os.O_RDONLY | os.O_NONBLOCK)
use('NOFOLLOW', os.O_RDONLY | os.O_NOFOLLOW)
`);
    const rest = 'None None 1 1';
    expect(shown.split('\n')).toEqual([
      `RDONLY b'co' b'on' EBADF EBADF EINVAL None 2 ${rest}`,
      `WRONLY EBADF EBADF 3 1 None None 3 ${rest}`,
      `RDWR b'co' b'on' 3 1 None None 5 ${rest}`,
      `APPEND EBADF EBADF 3 1 None None 10 ${rest}`,
      `CREAT b'co' b'on' 3 1 None None 5 ${rest}`,
      `TRUNC b'' b'' 3 1 None None 3 ${rest}`,
      `SYNC b'co' b'on' 3 1 None None 5 ${rest}`,
      `DSYNC EBADF EBADF 3 1 None None 3 ${rest}`,
      `NONBLOCK b'co' b'on' EBADF EBADF EINVAL None 2 ${rest}`,
      `NOFOLLOW b'co' b'on' EBADF EBADF EINVAL None 2 ${rest}`,
      '',
    ]);
  });

  it('are enough for directories, and for everything in them', async ({ open }) => {
    const python = await open();
    const shown = await python.printed(`${answer}
os.makedirs('/tmp/d/empty')
d = os.open('/tmp/d', os.O_RDONLY | os.O_DIRECTORY)
def make(name, flags=os.O_WRONLY | os.O_CREAT | os.O_TRUNC):
    os.close(os.open(name, flags, dir_fd=d))
print(*[answer(call) for call in (
    lambda: make('file'),
    lambda: make('file'),
    lambda: os.mkdir('made', dir_fd=d),
    lambda: os.symlink('file', 'link', dir_fd=d),
    lambda: os.readlink('link', dir_fd=d),
    lambda: os.link('file', 'other', src_dir_fd=d, dst_dir_fd=d),
    lambda: os.rename('other', 'renamed', src_dir_fd=d, dst_dir_fd=d),
    lambda: os.utime('file', (1, 2), dir_fd=d),
    lambda: os.utime('link', (3, 4), dir_fd=d, follow_symlinks=False),
    lambda: os.stat('link', dir_fd=d, follow_symlinks=False).st_mtime,
    lambda: os.stat('link', dir_fd=d).st_mtime,
    lambda: os.unlink('renamed', dir_fd=d),
    lambda: os.rmdir('empty', dir_fd=d),
    lambda: sorted((entry.name, entry.is_dir(), entry.stat().st_size) for entry in os.scandir('/tmp/d')),
    lambda: os.fsync(d) or os.fdatasync(d),
    lambda: stat.S_ISDIR(os.fstat(d).st_mode),
    lambda: os.utime(d, (5, 6)) or os.stat('/tmp/d').st_mtime,
    lambda: os.truncate('/tmp/d/file', 3) or os.stat('/tmp/d/file').st_size,
    lambda: os.read(d, 1),
    lambda: os.write(d, b'x'),
    lambda: os.access('/tmp/d/file', os.R_OK | os.W_OK),
)], sep='\\n')
`);
    expect(shown.split('\n')).toEqual([
      'None',
      'None',
      'None',
      'None',
      'file',
      'None',
      'None',
      'None',
      'None',
      '4.0',
      '2.0',
      'None',
      'None',
      "[('file', False, 0), ('link', False, 0), ('made', True, 0)]",
      'None',
      'True',
      '6.0',
      '3',
      'EISDIR',
      'EBADF',
      'True',
      '',
    ]);
  });

  it('are enough for a volume that is only read', async ({ open }) => {
    const data = MemoryVolume.from({ 'folder/file': 'content' }, { readOnly: true });
    const python = await open({ mounts: { '/data': data } });
    const shown = await python.printed(`${answer}
print(*[answer(call) for call in (
    lambda: open('/data/folder/file').read(),
    lambda: open('/data/folder/file', 'r+'),
    lambda: open('/data/folder/new', 'w'),
    lambda: os.listdir('/data/folder'),
    lambda: os.utime('/data/folder/file'),
    lambda: os.fsync(os.open('/data/folder/file', os.O_RDONLY)),
)])
`);
    expect(shown).toBe("content EROFS EROFS ['file'] EROFS None\n");
  });

  it('are enough for the streams', async ({ open }) => {
    const python = await open({ stdin: () => 'input\n' });
    const shown = await python.printed(`${answer}
print(*[answer(call) for call in (
    lambda: select.select([0], [1, 2], [], 0)[1],
    lambda: input(),
    lambda: stat.S_ISCHR(os.fstat(1).st_mode),
    lambda: [os.isatty(fd) for fd in range(3)],
    lambda: os.get_blocking(1),
    lambda: os.write(0, b'x'),
    lambda: os.read(1, 1),
    lambda: os.lseek(1, 0, os.SEEK_CUR),
)])
`);
    expect(shown).toBe('[1, 2] input True [False, True, True] True EBADF EBADF ESPIPE\n');
  });
});

describe('a hostile path', () => {
  const calls = `${answer}
open('/tmp/file', 'w').close()
calls = {
    'open': lambda path: os.open(path, os.O_RDONLY),
    'create': lambda path: os.open(path, os.O_WRONLY | os.O_CREAT),
    'stat': os.stat,
    'lstat': os.lstat,
    'mkdir': os.mkdir,
    'rmdir': os.rmdir,
    'unlink': os.unlink,
    'readlink': os.readlink,
    'utime': os.utime,
    'listdir': os.listdir,
    'rename from': lambda path: os.rename(path, '/tmp/new'),
    'rename to': lambda path: os.rename('/tmp/file', path),
    'link': lambda path: os.link('/tmp/file', path),
    'symlink at': lambda path: os.symlink('x', path),
}
def each(path):
    return sorted({str(answer(lambda: call(path))) for call in calls.values()})
`;

  it.for([
    ['a NUL', "'/tmp/a\\0b'", ['ValueError']],
    ['a NUL at the end', "b'/tmp/a\\0'", ['ValueError']],
    ['bytes that are no UTF-8', "b'/tmp/\\xff\\xfe'", ['EILSEQ']],
    ['a surrogate that stands for a byte', "'/tmp/\\udcff'", ['EILSEQ']],
    ['half a pair', "'/tmp/\\ud800'", ['UnicodeEncodeError']],
    ['a surrogate as UTF-8 would have it', "b'/tmp/\\xed\\xa0\\x80'", ['EILSEQ']],
    ['overlong UTF-8', "b'/tmp/\\xc0\\xaf'", ['EILSEQ']],
    ['100,000 components', "'/tmp' + '/x' * 100_000", ['ENAMETOOLONG']],
    ['100,000 dots', "'/tmp' + '/.' * 100_000", ['ENAMETOOLONG']],
    ['100,000 steps up', "'/tmp' + '/..' * 100_000 + '/tmp/file'", ['ENAMETOOLONG']],
    ['100,000 slashes', "'/tmp/' + '/' * 100_000 + 'file'", ['ENAMETOOLONG']],
    ['a name of 1 MiB', "'/tmp/' + 'n' * (1 << 20)", ['ENAMETOOLONG']],
    ['a relative name of 1 MiB', "'é' * (1 << 19)", ['ENAMETOOLONG']],
  ] as const)(
    'with %s is an error of each call, and the guest lives on',
    async ([, path, refusals], { open }) => {
      const volume = new MemoryVolume();
      const python = await open({ mounts: { '/tmp': volume } });
      expect(await python.printed(`${calls}\nprint(*each(${path}))`)).toBe(
        `${refusals.join(' ')}\n`,
      );
      expect(await python.printed('print(sorted(os.listdir("/tmp")))')).toBe("['file']\n");
      expect(volume.usage().inodes).toBe(2);
    },
  );

  it('that is long is refused as the target of a link, too', async ({ open }) => {
    const python = await open();
    const shown = await python.printed(`${calls}
for target in ('x' * (1 << 20), b'\\xff', 'a\\0b', '', '../' * 1000 + 'etc/passwd'):
    print(answer(lambda: os.symlink(target, '/tmp/link')))
print(answer(lambda: os.stat('/tmp/link')), len(os.readlink('/tmp/link')))
`);
    expect(shown).toBe('ENAMETOOLONG\nEILSEQ\nValueError\nENOENT\nNone\nENOENT 3010\n');
  });

  it('that ends in the name of a link and a slash is not what the link leads to', async ({
    open,
  }) => {
    const python = await open();
    const shown = await python.printed(`${calls}
os.makedirs('/tmp/d/empty')
os.symlink('d/empty', '/tmp/link')
print(*[answer(call) for call in (
    lambda: os.rmdir('/tmp/link/'),
    lambda: os.rename('/tmp/link/', '/tmp/new'),
    lambda: os.rename('/tmp/d', '/tmp/link/'),
    lambda: os.unlink('/tmp/link/'),
    lambda: os.listdir('/tmp/link/'),
)], sorted(os.listdir('/tmp')))
`);
    expect(shown).toBe("ENOTDIR ENOTDIR ENOTDIR ENOTDIR [] ['d', 'file', 'link']\n");
  });
});
