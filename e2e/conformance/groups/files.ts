/** The guest's tree: what is mounted, and nothing else. */
import { MemoryVolume } from '../../../src/index';
import { claim, claimEqual, claimMatches } from '../claims';
import type { Group } from '../suite';

export const files: Group = {
  'a file is read as it was written': async (workshop) => {
    const python = await workshop.shared();
    const source = `
with open('/home/a.txt', 'w') as file: file.write('line one\\nline zwölf\\n')
with open('/home/a.txt') as file: print(file.readlines())
`;
    claimEqual(await python.printed(source), "['line one\\n', 'line zwölf\\n']\n");
  },

  'names are listed, moved and removed': async (workshop) => {
    const python = await workshop.shared();
    const source = `
import os, shutil
os.makedirs('/tmp/a/b')
for n in range(300): open(f'/tmp/a/b/{n}', 'w').close()
os.rename('/tmp/a/b', '/tmp/a/c')
print(len(os.listdir('/tmp/a/c')), os.path.exists('/tmp/a/b'))
shutil.rmtree('/tmp/a')
print(os.path.exists('/tmp/a'))
`;
    claimEqual(await python.printed(source), '300 False\nFalse\n');
  },

  'many megabytes go there and back': async (workshop) => {
    const python = await workshop.shared();
    const source = `
import hashlib, random
data = random.Random(7).randbytes(5_000_003)
with open('/tmp/big', 'wb') as file: file.write(data)
with open('/tmp/big', 'rb') as file: print(hashlib.md5(file.read()) .digest() == hashlib.md5(data).digest())
import os
os.remove('/tmp/big')
del data
`;
    claimEqual(await python.printed(source), 'True\n');
  },

  'nothing of the machine is there': async (workshop) => {
    const python = await workshop.shared();
    const source = `
import os
print(sorted(os.listdir('/')))
try: open('/etc/passwd')
except FileNotFoundError as error: print(error.errno, dict(os.environ).get('USER'))
`;
    claimEqual(await python.printed(source), "['home', 'tmp', 'usr']\n44 None\n");
  },

  'a mounted volume is shared with the page, and may be read-only': async (workshop) => {
    const mounts = {
      '/data': MemoryVolume.from({ 'in.txt': 'given' }, { readOnly: true }),
      '/work': new MemoryVolume(),
    };
    const python = await workshop.open({ mounts });
    const source = `
print(open('/data/in.txt').read(), open('/work/out.txt', 'w').write('made'))
try: open('/data/out.txt', 'w')
except OSError as error: print(error.strerror)
`;
    claimEqual(await python.printed(source), 'given 4\nRead-only file system\n');
    const other = await workshop.open({ mounts });
    claimEqual(await other.printed('print(open("/work/out.txt").read())'), 'made\n');
  },

  'files outlive the guest that wrote them': async (workshop) => {
    const python = await workshop.open();
    await python.run('open("/home/kept.txt", "w").write("kept")\nimport os\nos.abort()');
    claim(!python.sandbox.alive, 'the guest lives on after os.abort()');
    await python.sandbox.restart();
    claimEqual(await python.printed('print(open("/home/kept.txt").read())'), 'kept\n');
  },

  'a full volume is an OSError': async (workshop) => {
    const python = await workshop.open({
      mounts: { '/small': new MemoryVolume({ maxBytes: 100_000 }) },
    });
    const source = `
try:
    with open('/small/a', 'wb') as file:
        for _ in range(1000): file.write(b'x' * 1000)
except OSError as error: print(error.strerror)
`;
    claimMatches(await python.run(source), { status: 'ok', alive: true });
    claim(/space|quota/i.test(python.output), python.output);
  },
};
