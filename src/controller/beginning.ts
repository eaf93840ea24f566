/** How the guest of a sandbox begins: as a fresh interpreter, or from the state that another one was in. */
import type { ChannelKind } from '../protocol/control';
import type { BaseImage } from '../protocol/memory-image';
import { PAGE_BYTES } from '../protocol/numbers';
import { Berth, type BerthOptions } from './berth';
import type { BerthPool } from './berth-pool';
import type { CallLog } from './call-log';
import { clockFrom, systemClock } from './clock';
import { createContext, createTree, type Tree, terminalOf } from './guest-world';
import { resumeInterpreter, startInterpreter, wakeInterpreter } from './interpreter';
import type { Limits } from './limits';
import { splitPath } from './namespace';
import { restoreFiles } from './open-files-state';
import type { Platform } from './platform';
import type { PythonGuest } from './python-guest';
import type { Resident } from './residents';
import type { SandboxOptions } from './sandbox-options';
import { baseOf, restoreVolumes, type SandboxState } from './sandbox-state';
import { type Bed, Session } from './session';
import type { Waits } from './turn';
import { usualEnvironment } from './usual-world';
import type { Allowance } from './watchdog';

export interface Beginning {
  readonly tree: Tree;
  /** The guest's memory is made from it. */
  readonly base: BaseImage | undefined;
  /** And from this, with all that belongs to it. */
  readonly from: SandboxState | undefined;
}

/**
 * `tree`: of the guest before, for a fresh interpreter. Throws `MountError`; `ImageError` for a state that does not
 * fit, before anything is started.
 */
export async function prepareBeginning(
  options: SandboxOptions,
  limits: Limits,
  from: SandboxState | undefined,
  tree?: Tree,
): Promise<Beginning> {
  const { guest, mounts, clock } = options;
  const given = { '/usr': guest.library };
  if (from !== undefined) {
    const base = baseOf(from, guest, limits);
    const restored = restoreVolumes(from, mounts, clock);
    return { tree: await createTree(given, mounts, restored, clock), base, from };
  }
  const base = canWake(options) ? guest.image : undefined;
  return { tree: tree ?? (await createTree(given, mounts, undefined, clock)), base, from };
}

export interface SessionParts {
  readonly platform: Platform;
  readonly channel: ChannelKind;
  readonly limits: Limits;
  readonly onFault: (fault: unknown) => void;
  /** Default: what it does is written down nowhere. */
  readonly log?: CallLog | undefined;
  /** Gives one that is warm, where it has one like that. */
  readonly pool: Pick<BerthPool, 'take'> | undefined;
  /** Of the guest's residents, who has been let in. Default: it never sleeps. */
  readonly resident?: Resident | undefined;
}

/** Of a berth for that guest, within the limits. */
export function berthOptions(
  { module, rareCode, memory, depths, originals, spare }: PythonGuest,
  { heapBytes }: Pick<Limits, 'heapBytes'>,
  others: Pick<BerthOptions, 'image' | 'initialize' | 'platform' | 'channel'>,
): BerthOptions {
  const maximumPages = Math.floor(heapBytes / PAGE_BYTES);
  const { initialPages } = memory;
  const size = { initialPages, maximumPages };
  return { module, rareCode, memory: size, depths, originals, spare, ...others };
}

export function createSession(
  options: SandboxOptions,
  { tree, base, from }: Beginning,
  { platform, channel, limits, onFault, log, pool, resident }: SessionParts,
): Session {
  const { guest, clock = systemClock, onHostCall } = options;
  const world = {
    ...options,
    env: environmentOf(options),
    onOutput: log?.listen(options.onOutput) ?? options.onOutput,
    clock: from === undefined ? clock : clockFrom(clock, from.monotonicNs),
  };
  const stdinLeft = from?.stdinLeft;
  const initialize = base === undefined && from === undefined;
  const berth = berthOptions(guest, limits, { image: base, initialize, platform, channel });
  return new Session({
    berth: pool?.take(berth) ?? new Berth(berth),
    onHostCall,
    onFault,
    log,
    bed: resident && bedOf(resident, guest, berth),
    createContext: (watchdog) =>
      createContext(tree.namespace, world, {
        ...{ limits, args: ['python3'], onFault, watchdog, stdinLeft },
      }),
  });
}

function bedOf(resident: Resident, { residents, spare }: PythonGuest, berth: BerthOptions): Bed {
  return {
    enter: () => residents.enter(resident),
    createBerth: () => new Berth({ ...berth, initialize: false }),
    arrive: () => {
      residents.arrive(resident);
      spare?.prepare();
    },
    use: () => residents.use(resident),
    leave: () => residents.leave(resident),
  };
}

/**
 * Gives what a guest that goes on waits for. Throws `StartError`; `ImageError` for files that can't be opened again.
 * `allowance`: of a guest that goes on.
 */
export async function begin(
  session: Session,
  options: SandboxOptions,
  { tree, base, from }: Beginning,
  allowance: Allowance,
): Promise<Waits | undefined> {
  if (from !== undefined) {
    await restoreFiles(from.files, session.context.fds, tree, terminalOf(options));
    return resumeInterpreter(session, from.memory, allowance);
  }
  if (base === undefined) await startInterpreter(session);
  else await wakeInterpreter(session, environmentOf(options));
  return undefined;
}

/** Of a sandbox that starts. */
export function environmentOf(options: SandboxOptions): Record<string, string> {
  const { cwd, env, terminalDevice } = options;
  const environment = usualEnvironment();
  if (cwd !== undefined) environment.PWD = cwd;
  if (terminalDevice !== undefined) environment.TERM = 'xterm-256color';
  return { ...environment, ...env };
}

/**
 * Whether what the interpreter found at the start of the image is what it would find at one of its own: the
 * variables that it reads then, and its library, are fixed in there.
 */
function canWake({ env = {}, mounts = {} }: SandboxOptions): boolean {
  return (
    Object.keys(env).every((name) => !name.startsWith('PYTHON')) &&
    Object.keys(mounts).every((path) => splitPath(path)[0] !== 'usr')
  );
}
