/** A page with all elements that see inside, and no other comfort: tests run programs in it. */
import * as glovebox from '../../src/index';
import type { AccountElement } from '../../src/inspect/account-element';
import type { ErrorElement } from '../../src/inspect/error-element';
import type { GaugesElement } from '../../src/inspect/gauges-element';
import type { TimelineElement } from '../../src/inspect/timeline-element';
import type { VariablesElement } from '../../src/inspect/variables-element';
import '../../src/inspect/glovebox-account';
import '../../src/inspect/glovebox-error';
import '../../src/inspect/glovebox-gauges';
import '../../src/inspect/glovebox-timeline';
import '../../src/inspect/glovebox-variables';

export interface InspectPage {
  open(options?: Partial<glovebox.SandboxOptions>): Promise<void>;
  /** As a playground would run it: with a snapshot before, if that is switched on, and everything shown after. */
  run(source: string): Promise<string>;
  /** With a capability, whose every other use is refused. */
  openWorld(): Promise<void>;
  sandbox(): glovebox.Sandbox;
  /** Has the account show so many calls that nobody has made. */
  showCalls(count: number): void;
}

function element<T extends Element>(name: string): T {
  const found = document.querySelector<T>(name);
  if (found === null) throw new Error(`there is no ${name}`);
  return found;
}

const error = element<ErrorElement>('glovebox-error');
const gauges = element<GaugesElement>('glovebox-gauges');
const variables = element<VariablesElement>('glovebox-variables');
const timeline = element<TimelineElement>('glovebox-timeline');
const account = element<AccountElement>('glovebox-account');

let opened: glovebox.Sandbox | undefined;

function sandbox(): glovebox.Sandbox {
  if (opened === undefined) throw new Error('nothing is open');
  return opened;
}

const page: InspectPage = {
  sandbox,
  async open(options = {}) {
    opened?.dispose();
    const guest = await glovebox.PythonGuest.load(new URL('/guest/', document.baseURI));
    const home = new glovebox.MemoryVolume({ maxBytes: 2 ** 20 });
    opened = await glovebox.Sandbox.create({ guest, mounts: { '/home': home }, ...options });
    error.limits = opened.limits;
    gauges.disks = [{ path: '/home', volume: home, maxBytes: 2 ** 20 }];
    for (const one of [gauges, variables, timeline, account]) one.sandbox = opened;
  },
  async run(source) {
    error.outcome = gauges.outcome = undefined;
    await timeline.beforeRun();
    const outcome = await sandbox().run(source);
    error.source = source;
    error.outcome = gauges.outcome = outcome;
    await variables.refresh();
    return outcome.status;
  },
  showCalls(count) {
    const calls = Array.from({ length: count }, (_, index) => ({
      ...{ number: index + 1, run: 1, caller: undefined, name: 'path_open' as const, errno: 44 },
      ...{ args: { fd: 3, path: `home/file${index}` }, result: undefined },
      ...{ atMs: index / 10, durationMs: 0.05 },
    }));
    const source = {
      running: false,
      calls: ({ after = 0 }: { after?: number } = {}) => calls.slice(after),
    };
    account.sandbox = source as unknown as glovebox.Sandbox;
  },
  openWorld() {
    let uses = 0;
    const world = glovebox.capability({
      damage: glovebox.method('(target: str, points: int) -> int', (_, points) => {
        if (++uses % 2 === 0) throw new glovebox.Refusal('unauthorized', 'not today');
        return Number(points);
      }),
    });
    return page.open({ capabilities: { world }, actor: 'jane' });
  },
};

addEventListener('glovebox-restored', () => {
  error.outcome = gauges.outcome = undefined;
  void variables.refresh();
});

Object.assign(globalThis, { inspect: page });
