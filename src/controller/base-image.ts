/** How the image is made that sandboxes wake their interpreter from: once, when the guest is built. */
import type { MemoryImage } from '../protocol/memory-image';
import { MAX_PAGES } from '../protocol/numbers';
import { Berth } from './berth';
import { createContext, createTree } from './guest-world';
import { prepareInterpreter, startInterpreter } from './interpreter';
import { completeLimits } from './limits';
import type { Platform } from './platform';
import type { PythonGuest } from './python-guest';
import { Session } from './session';
import { usualEnvironment } from './usual-world';

/** The same bytes each time: no clock, no entropy, no measured depth. Guests get them when they are woken. */
const CLOCK = { realtime: () => 0n, monotonic: () => 0n };
const ENTROPY = 1;
/** Every engine's stack holds more. */
const DEPTH = 400;

/** `modules`: what guests find imported. Throws `StartError`. */
export async function makeBaseImage(
  guest: PythonGuest,
  platform: Platform,
  modules: readonly string[],
): Promise<MemoryImage> {
  const { namespace } = await createTree({ '/usr': guest.library });
  const onFault = (fault: unknown): never => {
    throw fault;
  };
  const session = new Session({
    berth: new Berth({
      module: guest.module,
      rareCode: guest.rareCode,
      memory: { initialPages: guest.memory.initialPages, maximumPages: MAX_PAGES },
      initialize: true,
      platform: { ...platform, mostDepth: DEPTH },
      channel: platform.chooseChannel(),
    }),
    onFault,
    createContext: (watchdog) =>
      createContext(
        namespace,
        // As most guests have it, so that there is little to change when they wake.
        { env: usualEnvironment(), clock: CLOCK },
        {
          limits: completeLimits({}),
          args: ['python3'],
          onFault,
          watchdog,
          random: (bytes) => bytes.fill(ENTROPY),
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
