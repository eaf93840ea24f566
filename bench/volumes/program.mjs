/** The Python program that both interpreters run, and what they have to sync with. */

export const FILE_MIB = 64;
export const RANDOM_READS = 4000;
export const SMALL_FILES = 1000;
export const SYNCED_FILES = 1000;
export const WALK_FOLDERS = 100;
export const FILES_PER_FOLDER = 100;

/**
 * `measure` gives the seconds that each task took, as JSON; `synced`: how many files are synced one by one. `read` gives
 * them for what `write` has left there. `persist(file)` is awaited where the interpreter has to wait for its store outside
 * of Python.
 */
const body = `
import json, os, random, shutil, time

def clock(seconds, name, start):
    seconds[name] = time.perf_counter() - start

piece = random.Random(1).randbytes(1 << 20)
offsets = random.Random(2)
offsets = [offsets.randrange(${FILE_MIB * 256}) * 4096 for _ in range(${RANDOM_READS})]

async def write(root):
    os.makedirs(root, exist_ok=True)
    with open(root + '/big', 'wb', buffering=0) as file:
        for _ in range(${FILE_MIB}):
            file.write(piece)
        await persist(file)

async def read(root):
    seconds = {}
    big = root + '/big'
    start = time.perf_counter()
    with open(big, 'rb', buffering=0) as file:
        total = 0
        while data := file.read(1 << 20):
            total += len(data)
    clock(seconds, 'read', start)
    assert total == ${FILE_MIB} << 20

    start = time.perf_counter()
    with open(big, 'rb', buffering=0) as file:
        for offset in offsets:
            os.pread(file.fileno(), 4096, offset)
    clock(seconds, 'random', start)
    return json.dumps(seconds)

async def measure(root, synced):
    seconds = {}
    start = time.perf_counter()
    await write(root)
    clock(seconds, 'write', start)
    seconds |= json.loads(await read(root))
    os.remove(root + '/big')
    await persist(None)

    content = piece[:1024]
    os.mkdir(root + '/synced')
    start = time.perf_counter()
    for number in range(synced):
        with open(f'{root}/synced/{number}', 'wb') as file:
            file.write(content)
            file.flush()
            await persist(file)
    clock(seconds, 'synced', start)

    os.mkdir(root + '/small')
    start = time.perf_counter()
    for number in range(${SMALL_FILES}):
        with open(f'{root}/small/{number}', 'wb') as file:
            file.write(content)
            if number == ${SMALL_FILES} - 1:
                file.flush()
                await persist(file)
    clock(seconds, 'small', start)

    for folder in range(${WALK_FOLDERS}):
        os.makedirs(f'{root}/tree/{folder}')
        for number in range(${FILES_PER_FOLDER}):
            open(f'{root}/tree/{folder}/{number}', 'wb').close()
    await persist(None)
    start = time.perf_counter()
    count = sum(len(files) for _, _, files in os.walk(root + '/tree'))
    clock(seconds, 'walk', start)
    assert count == ${WALK_FOLDERS * FILES_PER_FOLDER}

    # The next round finds things as this one did: what is there makes a syncfs slower.
    shutil.rmtree(root)
    await persist(None)
    return json.dumps(seconds)
`;

/** In Glovebox a host call waits for the store: nothing has to be awaited. */
export const gloveboxProgram = `${body.replaceAll('async def', 'def').replaceAll('await ', '')}
def persist(file):
    if file is not None:
        os.fsync(file.fileno())
`;

/** @param {boolean} stored whether there is something to sync with */
export function pyodideProgram(stored) {
  const sync = stored ? 'await syncfs()' : 'pass';
  return `${body}
async def persist(file):
    ${sync}
`;
}
