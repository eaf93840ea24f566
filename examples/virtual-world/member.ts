/** A thing that a member has scripted: its program in a sandbox of its own, wherever it is. */
import {
  type Outcome,
  type RestoreOptions,
  type Sandbox,
  type SandboxImage,
  type SandboxOptions,
  textOutput,
} from '../../src/index';
import type { Thing } from './thing';
import type { Resident, World } from './world';

export interface Sandboxes {
  create(options: Omit<SandboxOptions, 'guest'>): Promise<Sandbox>;
  restore(image: SandboxImage, options: Omit<RestoreOptions, 'guest'>): Promise<Sandbox>;
}

/** `stopped`: it reached a limit, or could not begin; `run` begins anew. */
export type MemberState = 'starting' | 'running' | 'stopped' | 'travelling';

/** More events than that do not wait for a program that is slow. */
const MAX_WAITING_EVENTS = 3;
const MAX_OUTPUT_CHARACTERS = 2_000;

export class Member implements Resident {
  readonly thing: Thing;
  /** What was run last; who edits it runs it. */
  source: string;
  world: World;
  state: MemberState = 'starting';
  /** What went wrong last, for people. */
  problem = '';
  /** The end of what it has printed. */
  output = '';
  readonly #sandboxes: Sandboxes;
  readonly #onChange: () => void;
  #sandbox: Sandbox | undefined;
  #waiting = 0;
  /** Runs and moves, one after the other. */
  #last: Promise<void> = Promise.resolve();

  constructor(
    thing: Thing,
    source: string,
    world: World,
    sandboxes: Sandboxes,
    onChange: () => void,
  ) {
    this.thing = thing;
    this.source = source;
    this.world = world;
    this.#sandboxes = sandboxes;
    this.#onChange = onChange;
    world.enter(thing, this);
  }

  /** Begins anew with this program, in a fresh interpreter. */
  run(source = this.source): Promise<void> {
    return this.#inTurn(async () => {
      this.source = source;
      this.#become('starting');
      this.#sandbox?.dispose();
      this.output = '';
      this.#follow(await this.#sandboxes.create(this.#options()));
      const sandbox = this.#sandbox;
      this.#become('running');
      const outcome = await sandbox?.run(source, { filename: `<${this.thing.name}>` });
      if (outcome !== undefined) this.#judge(outcome, sandbox);
    });
  }

  /** Takes the thing to another world, where its program goes on as it is, under the rules there. */
  travel(to: World): Promise<void> {
    return this.#inTurn(async () => {
      const sandbox = this.#sandbox;
      const from = this.world;
      if (to === from || sandbox === undefined || this.state !== 'running') return;
      this.#become('travelling');
      let image: SandboxImage;
      try {
        image = await sandbox.snapshot({ wait: true });
      } catch (error) {
        if (sandbox.alive) this.#become('running', `Could not go: ${messageOf(error)}`);
        else this.#become('stopped', messageOf(error));
        return;
      }
      sandbox.dispose();
      from.leave(this.thing);
      try {
        await this.#arrive(to, image);
      } catch (error) {
        // It needs more memory than the rules there allow, say: it is back where it was.
        to.leave(this.thing);
        await this.#arrive(from, image);
        this.#become('running', `Could not go: ${messageOf(error)}`);
      }
    });
  }

  tell(event: string, value: object): void {
    const sandbox = this.#sandbox;
    if (this.state !== 'running' || sandbox === undefined) return;
    if (this.#waiting >= MAX_WAITING_EVENTS) return;
    this.#waiting++;
    sandbox
      .emit(event, value)
      .then((outcome) => this.#judge(outcome, sandbox))
      // The sandbox is gone: it was run anew, or has left.
      .catch(() => undefined)
      .finally(() => {
        this.#waiting--;
      });
  }

  dispose(): void {
    this.#sandbox?.dispose();
  }

  async #arrive(world: World, image: SandboxImage): Promise<void> {
    this.world = world;
    world.enter(this.thing, this, world.portal);
    this.#follow(await this.#sandboxes.restore(image, this.#options()));
    this.#become('running');
    this.tell('arrived', { world: world.name });
  }

  #options(): Omit<SandboxOptions, 'guest'> {
    return {
      ...this.world.optionsFor(this.thing),
      onOutput: textOutput((text) => {
        this.output = (this.output + text).slice(-MAX_OUTPUT_CHARACTERS);
        this.#onChange();
      }),
      onBackground: (outcome) => this.#judge(outcome, this.#sandbox),
    };
  }

  #follow(sandbox: Sandbox): void {
    this.#sandbox = sandbox;
    void this.world.account.follow(this.thing.name, sandbox);
  }

  /** An exception ends an event, a limit the program: it would reach it again at every tick. */
  #judge(outcome: Outcome, sandbox: Sandbox | undefined): void {
    if (sandbox !== this.#sandbox || outcome.status === 'ok') return;
    if (outcome.status === 'terminated') return;
    if (outcome.status === 'error' && outcome.alive) {
      this.problem = `${outcome.error.type}: ${outcome.error.message}`;
      this.#onChange();
      return;
    }
    sandbox?.dispose();
    this.#become('stopped', reasonOf(outcome));
  }

  #become(state: MemberState, problem = ''): void {
    this.state = state;
    this.problem = problem;
    this.#onChange();
  }

  #inTurn(task: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(task).catch((error: unknown) => {
      this.#become('stopped', messageOf(error));
    });
    return this.#last;
  }
}

function reasonOf(outcome: Outcome): string {
  switch (outcome.status) {
    case 'cpu':
    case 'timeout':
    case 'output':
      return `Stopped at its limit of ${LIMITS[outcome.limit]}.`;
    case 'memory':
      return 'Stopped: it wanted more memory than it may have.';
    case 'error':
    case 'interrupted':
      return `${outcome.error.type}: ${outcome.error.message}`;
    case 'exit':
      return 'It has ended itself.';
    default:
      return `Ended: ${outcome.status}.`;
  }
}

const LIMITS = {
  wallMs: 'time',
  cpuMs: 'computing time',
  fuel: 'steps',
  outputBytes: 'output',
  hostCalls: 'requests',
} as const;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
