/** Which calls of an account somebody wants to see. */
import { OptionError } from '../errors';
import { errnoName } from '../protocol/errno';
import { type ArgumentKind, type HostCallName, hostCalls } from '../protocol/table';
import { type AccountedCall, Cut } from './accounted-call';

/** All that is given has to hold. */
export interface CallFilter {
  /** `path_open`, or several. */
  readonly name?: HostCallName | readonly HostCallName[] | undefined;
  /** `SUCCESS`, `ENOENT` and so on, or several; `failure`: any but `SUCCESS`. */
  readonly errno?: string | readonly string[] | undefined;
  /** Calls that name a path, this one or one below it; as the guest names it, with or without a slash before it. */
  readonly path?: string | undefined;
  readonly run?: number | undefined;
  readonly where?: ((call: AccountedCall) => boolean) | undefined;
}

type Test = (call: AccountedCall) => boolean;

/** Throws `OptionError`. */
export function createFilter({ name, errno, path, run, where, ...others }: CallFilter): Test {
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) throw new OptionError(`calls: ${unknown} is unknown`);
  const tests: Test[] = [];
  if (name !== undefined) tests.push(isOneOf(name, (call) => call.name));
  if (errno !== undefined) {
    const isListed = isOneOf(errno, (call) => errnoName(call.errno));
    const failure = [errno].flat().includes('failure');
    tests.push((call) => (failure && call.errno !== 0) || isListed(call));
  }
  if (path !== undefined) tests.push(isBelow(path));
  if (run !== undefined) tests.push((call) => call.run === run);
  if (where !== undefined) tests.push(where);
  return (call) => tests.every((holds) => holds(call));
}

function isOneOf(given: string | readonly string[], of: (call: AccountedCall) => string): Test {
  const all = new Set([given].flat());
  return (call) => all.has(of(call));
}

function isBelow(path: string): Test {
  const wanted = segments(path);
  return (call) =>
    pathsOf(call).some((text) => {
      const found = segments(text);
      return wanted.every((segment, index) => found[index] === segment);
    });
}

function segments(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '' && segment !== '.');
}

function pathsOf({ name, args }: AccountedCall): string[] {
  const kinds: [string, ArgumentKind][] = Object.entries(hostCalls[name].args);
  return kinds.flatMap(([key, kind]) => {
    if (kind !== 'path') return [];
    const value = args[key];
    const text = value instanceof Cut ? value.start : value;
    return typeof text === 'string' ? [text] : [];
  });
}
