/** What a guest is given at its start: its tree of files, streams, environment, clock. */
import type { Capability, ObjectKind } from '../capability/capability';
import { Desk } from '../capability/desk';
import { checkOffer } from '../capability/offer';
import type { Policy } from '../capability/policy';
import type { TerminalDevice } from '../capability/terminal-device';
import { OptionError } from '../errors';
import { MemoryVolume, type MemoryVolumeOptions } from '../volume/memory-volume';
import type { Volume } from '../volume/volume';
import { type Clock, systemClock } from './clock';
import type { HostCall } from './dispatcher';
import { FdTable, openStream, preopenDirectory, type StreamName } from './fd-table';
import type { HostContext } from './host-calls/context';
import { Interruption } from './interruption';
import type { Limits, LimitsGiven } from './limits';
import { Namespace, splitPath } from './namespace';
import { createOutput, type OutputListener } from './output';
import { type Random, randomFrom } from './random';
import { Stdin, type StdinSource } from './stdin';
import type { Watchdog } from './watchdog';

export const PRIVATE_FOLDERS: readonly string[] = ['/home', '/tmp'];

/** How much room a private folder in memory has. */
const PRIVATE_BYTES = 64 * 1024 * 1024;

/** `clock`: for the times of its files; default: the machine's. */
export function privateVolume(clock?: Clock): MemoryVolumeOptions {
  return { maxBytes: PRIVATE_BYTES, ...timesOf(clock) };
}

function timesOf(clock: Clock | undefined): MemoryVolumeOptions {
  return clock === undefined ? {} : { now: () => clock.realtime() };
}

export interface WorldOptions {
  /** Volumes by absolute path. The caller keeps them: they outlive the sandbox. */
  readonly mounts?: Readonly<Record<string, Volume>> | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly stdin?: StdinSource | undefined;
  readonly onOutput?: OutputListener | undefined;
  /** Which streams tell the guest that they are a terminal. Default: stdout and stderr. */
  readonly terminal?: Readonly<Partial<Record<StreamName, boolean>>> | undefined;
  /** What the guest may ask of that terminal, by `termios` and `os.get_terminal_size`. Default: nothing. */
  readonly terminalDevice?: TerminalDevice | undefined;
  readonly clock?: Clock | undefined;
  /**
   * Makes the guest draw the same random numbers each time, from `os.urandom` to `random` and `uuid4`: not for
   * secrets. Default: the engine's own randomness.
   */
  readonly seed?: number | string | undefined;
  readonly limits?: LimitsGiven | undefined;
  /** What the guest may ask of the page, by the names that it imports. Default: nothing. */
  readonly capabilities?: Readonly<Record<string, Capability | undefined>> | undefined;
  /** The kinds of the page's objects that the guest may have handles of. */
  readonly kinds?: readonly ObjectKind[] | undefined;
  /** Who acts through this guest: goes with each call of a capability, to its policy and its functions. */
  readonly actor?: unknown;
  /** Decides on each use of a capability. Default: what was given is allowed. */
  readonly policy?: Policy | undefined;
  /** Sees each host call after it was answered. Bytes in it are valid until it returns. */
  readonly onHostCall?: ((call: HostCall) => void) | undefined;
  /**
   * Hears of faults that no guest is told: a callback of the page that threw, a volume that broke.
   * Default: `reportError` where there is one, `console.error` elsewhere.
   */
  readonly onFault?: ((fault: unknown) => void) | undefined;
}

export interface WorldParts {
  readonly limits: Limits;
  readonly args: readonly string[];
  readonly onFault: (fault: unknown) => void;
  readonly watchdog: Watchdog;
  /** Default: as the options' seed has it. */
  readonly random?: Random | undefined;
  /** Input that was asked for before, and not read yet. */
  readonly stdinLeft?: Uint8Array | undefined;
}

/** Where a guest's names lead, and which of the volumes there are the sandbox's own. */
export interface Tree {
  readonly namespace: Namespace;
  /** By path of the mount. */
  readonly own: ReadonlyMap<string, MemoryVolume>;
}

export function checkEnv(env: Readonly<Record<string, string>>): string[] {
  return Object.entries(env).map(([name, value]) => {
    if (name === '' || name.includes('=') || `${name}${value}`.includes('\0')) {
      throw new OptionError(`env: ${JSON.stringify(name)} can't be an environment variable`);
    }
    return `${name}=${value}`;
  });
}

/** A NUL would make one argument two, and overrun what the guest has room for. */
function checkArgs(args: readonly string[]): readonly string[] {
  const bad = args.find((text) => text.includes('\0'));
  if (bad !== undefined) throw new OptionError(`args: ${JSON.stringify(bad)} has a NUL in it`);
  return args;
}

/**
 * The tree of a guest: private memory at `/home` and `/tmp` unless something is mounted there, and
 * at `/` just the names that lead to the mounts, not to be changed by the guest. Throws `MountError`.
 * `restored`: private memory that there was before. `clock`: for the times of files in it; default: the machine's.
 */
export async function createTree(
  given: Readonly<Record<string, Volume>>,
  mounts: Readonly<Record<string, Volume>> = {},
  restored: ReadonlyMap<string, MemoryVolume> = new Map(),
  clock?: Clock,
): Promise<Tree> {
  const all: [string, Volume][] = [...Object.entries(given), ...Object.entries(mounts)];
  const taken = new Set(all.map(([path]) => `/${splitPath(path).join('/')}`));
  const own = new Map<string, MemoryVolume>();
  for (const path of PRIVATE_FOLDERS) {
    if (taken.has(path)) continue;
    own.set(path, restored.get(path) ?? new MemoryVolume(privateVolume(clock)));
  }
  all.push(...own);
  const names: Record<string, null> = {};
  for (const [path] of all) names[`${splitPath(path).join('/')}/`] = null;
  const namespace = await Namespace.create(
    MemoryVolume.from(names, { ...timesOf(clock), readOnly: true }),
    all,
  );
  return { namespace, own };
}

export function terminalOf({ terminal = {} }: WorldOptions): Record<StreamName, boolean> {
  const { stdin = false, stdout = true, stderr = true } = terminal;
  return { stdin, stdout, stderr };
}

/** Throws `OptionError` for what can't be given. */
function createDesk(
  options: WorldOptions,
  { onFault, watchdog }: WorldParts,
  random: Random,
  terminal: TerminalDevice | undefined,
): Desk {
  const { kinds = [], actor, policy } = options;
  const capabilities: Record<string, Capability> = {};
  for (const [name, given] of Object.entries(options.capabilities ?? {})) {
    if (given !== undefined) capabilities[name] = given;
  }
  checkOffer(capabilities, kinds);
  return new Desk({
    ...{ capabilities, kinds, actor, policy, random, terminal, onFault },
    run: () => watchdog.run,
    pauseClocks: () => watchdog.wall.pause(),
  });
}

export function createContext(
  namespace: Namespace,
  options: WorldOptions,
  parts: WorldParts,
): HostContext {
  const { limits, onFault, watchdog } = parts;
  const interruption = new Interruption();
  const terminal = terminalOf(options);
  const random = parts.random ?? randomFrom(options.seed);
  const stdin = new Stdin({
    source: options.stdin,
    left: parts.stdinLeft,
    interruption,
    wall: watchdog.wall,
    onFault,
  });
  return {
    args: checkArgs(parts.args),
    env: checkEnv(options.env ?? {}),
    namespace,
    fds: new FdTable(limits.openFiles, [
      openStream('stdin', terminal.stdin),
      openStream('stdout', terminal.stdout),
      openStream('stderr', terminal.stderr),
      preopenDirectory(namespace.root, '/'),
    ]),
    stdin,
    write: createOutput({ onOutput: options.onOutput, interruption, onFault, watchdog }),
    clock: options.clock ?? systemClock,
    random,
    interruption,
    watchdog,
    turn: { request: new Uint8Array(0), read: 0, result: [], resultBytes: 0 },
    desk: createDesk(options, parts, random, behind(stdin, options.terminalDevice)),
  };
}

/** The device, where what it discards may have come as far as to the guest's stream. */
function behind(stdin: Stdin, device: TerminalDevice | undefined): TerminalDevice | undefined {
  if (device === undefined) return undefined;
  return {
    get columns() {
      return device.columns;
    },
    get rows() {
      return device.rows;
    },
    get mode() {
      return device.mode;
    },
    set mode(mode) {
      device.mode = mode;
    },
    discardInput() {
      stdin.discard();
      device.discardInput();
    },
  };
}

export function reportFault(fault: unknown): void {
  if (typeof reportError === 'function') reportError(fault);
  else console.error(fault);
}
