/** How a session becomes a Python interpreter: by a start of its own, or woken from a memory image. */
import type { Desk } from '../capability/desk';
import { StartError } from '../errors';
import type { MemoryImage } from '../protocol/memory-image';
import type { Fd } from '../protocol/numbers';
import { DEFAULT_LIMITS } from './limits';
import type { Session, SessionEnd } from './session';
import { decodeResult, encodeRequest, type TurnRequest, type TurnResult, type Waits } from './turn';
import { nameOfWorld, USUAL_WORLD } from './usual-world';
import type { Allowance } from './watchdog';

/** The interpreter's own start: no program of the guest's runs yet, so its limits don't count. */
const START_ALLOWANCE: Allowance = {
  budget: {
    ...DEFAULT_LIMITS.lifetime,
    wallMs: 60_000,
    cpuMs: Number.POSITIVE_INFINITY,
  },
  graceMs: 0,
};

const TRIAL = 'class A:\n def f(self): return [n for n in range(9)]\nprint(f"{A().f()}")';

const STDIN = 0 as Fd;
const STDOUT = 1 as Fd;

/** What the interpreter is to answer when `glovebox_turn` is entered next. */
export function giveRequest(session: Session, request: TurnRequest): void {
  const { turn, desk } = session.context;
  Object.assign(turn, {
    request: encodeRequest(request, desk.handles),
    read: 0,
    result: [],
    resultBytes: 0,
  });
}

/** Its answer; nothing where it gave none that could be understood. */
export function takeResult(session: Session, end: SessionEnd): TurnResult | undefined {
  const { turn } = session.context;
  const pieces = turn.result;
  Object.assign(turn, { request: new Uint8Array(0), result: [] });
  return end.kind === 'returned' && end.status === 0 ? decodeResult(pieces) : undefined;
}

/** Starts the interpreter in a session that is not started yet. Throws `StartError`. */
export async function startInterpreter(session: Session): Promise<void> {
  const started = await session.start(START_ALLOWANCE);
  requireReturned(session, started);
  requireReturned(session, await session.enter('glovebox_start', START_ALLOWANCE));
  await giveOffer(session);
}

async function giveOffer(session: Session): Promise<void> {
  const { offer } = session.context.desk;
  if (isOffered(offer)) await requireTurn(session, { kind: 'offer', offer });
}

function isOffered([names, hasKinds]: Desk['offer']): boolean {
  return names.length > 0 || hasKinds;
}

/**
 * Wakes the interpreter that is in the session's memory image, in a world of its own: `env` is all of its
 * environment. Throws `StartError`.
 */
export async function wakeInterpreter(
  session: Session,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const terminals = terminalsOf(session);
  const world = nameOfWorld(env, terminals);
  const { offer } = session.context.desk;
  if (session.woken === world) {
    requireReturned(session, await session.start(START_ALLOWANCE));
    return giveOffer(session);
  }
  if (world === USUAL_WORLD && !isOffered(offer)) {
    requireReturned(session, await session.start(START_ALLOWANCE, 'glovebox_wake'));
    return;
  }
  await requireTurn(session, { kind: 'wake', env, terminals, offer }, (entry) =>
    session.start(START_ALLOWANCE, entry),
  );
}

/**
 * Leaves an interpreter to the next session that was woken in this world and has done nothing yet, behind one that
 * has done some of what others will: what has run once is faster. Throws `StartError`, `EndedError`.
 */
export async function leaveInterpreter(
  session: Session,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  await wakeInterpreter(session, env);
  await runTrial(session, TRIAL);
  await session.renew();
  await wakeInterpreter(session, env);
  await session.leave(nameOfWorld(env, terminalsOf(session)));
}

/** Runs a program of ours, in a guest that nobody gets. Throws `StartError`, `EndedError`. */
export async function runTrial(session: Session, program: string): Promise<void> {
  const source = new TextEncoder().encode(program);
  await requireTurn(session, { kind: 'run', source, filename: '', mode: 'exec', argv: null });
}

/** A guest that goes on may have closed them. */
function terminalsOf({ context }: Session): readonly [boolean, boolean] {
  const open = new Map(context.fds.entries());
  const isTerminal = (fd: Fd): boolean => {
    const file = open.get(fd);
    return file?.kind === 'stream' && file.terminal;
  };
  return [isTerminal(STDIN), isTerminal(STDOUT)];
}

/**
 * Lets the guest that a snapshot was taken of go on here, with entropy of its own. That runs what may be the
 * guest's by now: no longer than `allowance` says. Gives what it waits for. Throws `StartError`.
 */
export async function resumeInterpreter(
  session: Session,
  snapshot: MemoryImage,
  allowance: Allowance,
): Promise<Waits | undefined> {
  requireReturned(session, await session.start(START_ALLOWANCE));
  await session.restore(snapshot);
  const terminals = terminalsOf(session);
  const { offer } = session.context.desk;
  return requireTurn(session, { kind: 'resume', terminals, offer }, (entry) =>
    session.enter(entry, allowance),
  );
}

/** Imports modules, so that guests which are woken from here find them imported. Throws `StartError`. */
export async function prepareInterpreter(
  session: Session,
  modules: readonly string[],
): Promise<void> {
  await requireTurn(session, { kind: 'prepare', modules });
}

async function requireTurn(
  session: Session,
  request: TurnRequest,
  enter = (entry: string): Promise<SessionEnd> => session.enter(entry, START_ALLOWANCE),
): Promise<Waits | undefined> {
  giveRequest(session, request);
  const end = await enter('glovebox_turn');
  const result = takeResult(session, end);
  requireReturned(session, end);
  if (result?.status === 'ok') return result.waits;
  session.terminate('terminated');
  const why = result !== undefined && 'error' in result ? result.error : undefined;
  throw new StartError(
    `the interpreter can't ${request.kind}${why === undefined ? '' : `: ${why.type}: ${why.message}`}`,
  );
}

function requireReturned(session: Session, end: SessionEnd): void {
  if (end.kind === 'returned' && end.status === 0) return;
  session.terminate('terminated');
  const how = end.kind === 'ended' ? end.reason : end.kind;
  const why = 'message' in end && end.message !== '' ? `: ${end.message}` : '';
  throw new StartError(`the interpreter did not start (${how})${why}`);
}
