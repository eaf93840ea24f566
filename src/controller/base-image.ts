/** How the image is made that sandboxes wake their interpreter from: once, when the guest is built. */
import type { MemoryImage } from '../protocol/memory-image';
import { createContext, createTree } from './guest-world';
import { prepareInterpreter, startInterpreter } from './interpreter';
import { completeLimits } from './limits';
import type { Platform } from './platform';
import type { PythonGuest } from './python-guest';
import { Session } from './session';

/** The same bytes each time: no clock, no entropy. Guests ask for both when they are woken. */
const CLOCK = { realtime: () => 0n, monotonic: () => 0n };
const MOST_PAGES = 65_536;

/** `modules`: what guests find imported. Throws `StartError`. */
export async function makeBaseImage(
  guest: PythonGuest,
  platform: Platform,
  modules: readonly string[],
): Promise<MemoryImage> {
  const namespace = await createTree({ '/usr': guest.library });
  const onFault = (fault: unknown): never => {
    throw fault;
  };
  const session = new Session({
    module: guest.module,
    memory: { initialPages: guest.memory.initialPages, maximumPages: MOST_PAGES },
    platform,
    channel: platform.chooseChannel(),
    onFault,
    createContext: (watchdog) =>
      createContext(
        namespace,
        { env: { HOME: '/', PWD: '/', TERM: 'dumb' }, clock: CLOCK },
        {
          limits: completeLimits({}),
          args: ['python3'],
          onFault,
          watchdog,
          random: (bytes) => bytes.fill(1),
        },
      ),
  });
  try {
    await startInterpreter(session);
    await prepareInterpreter(session, modules);
    return await session.capture();
  } finally {
    session.terminate('terminated');
  }
}
