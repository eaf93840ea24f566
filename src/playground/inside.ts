/** The elements that look into the program's sandbox, wired to the session: loaded when the page is at rest. */

import type { Sandbox } from '../index';
import type {
  AccountElement,
  ErrorElement,
  GaugesElement,
  TimelineElement,
  VariablesElement,
} from '../inspect/index';
import type { PythonSession, RunReport } from '../repl/python-session';
import '../inspect/index';

export class Inside {
  /** Below the console: what an error means. */
  readonly help = make<ErrorElement>('glovebox-error');
  /** Beside it: all the rest. */
  readonly panel = document.createElement('div');
  readonly #gauges = make<GaugesElement>('glovebox-gauges');
  readonly #variables = make<VariablesElement>('glovebox-variables');
  readonly #timeline = make<TimelineElement>('glovebox-timeline');
  readonly #account = make<AccountElement>('glovebox-account');
  #sandbox: Sandbox | undefined;
  #stop: () => void = () => undefined;

  constructor() {
    this.panel.className = 'inside';
    const sections = [
      ['Used', this.#gauges],
      ['Variables', this.#variables],
      ['Snapshots', this.#timeline],
      ['Host calls', this.#account],
    ] as const;
    for (const [title, element] of sections) {
      const heading = document.createElement('h2');
      heading.textContent = title;
      this.panel.append(heading, element);
    }
    this.panel.addEventListener('glovebox-restored', () => this.#forget());
  }

  /** A snapshot, where the user has asked for one before each run. */
  async beforeRun(): Promise<void> {
    this.#forget();
    await this.#timeline.beforeRun();
  }

  /** `disk`: the project's volume. `sourceOf`: what was run. */
  follow(
    session: PythonSession | undefined,
    disks: GaugesElement['disks'],
    sourceOf: (filename: string) => string | undefined,
  ): void {
    this.#stop();
    this.#forget();
    this.#gauges.disks = disks;
    this.#look(session);
    this.#timeline.restart = session && ((options) => session.restart(options));
    const onActivity = (): void => this.#look(session);
    const onOutcome = (event: Event): void => {
      const { outcome, filename, limits } = (event as CustomEvent<RunReport>).detail;
      this.#gauges.outcome = outcome;
      this.help.limits = limits;
      this.help.source = sourceOf(filename);
      this.help.outcome = outcome;
      void this.#variables.refresh();
    };
    session?.addEventListener('activity', onActivity);
    session?.addEventListener('outcome', onOutcome);
    this.#stop = () => {
      session?.removeEventListener('activity', onActivity);
      session?.removeEventListener('outcome', onOutcome);
    };
  }

  #look(session: PythonSession | undefined): void {
    const sandbox = session?.sandbox;
    if (sandbox === this.#sandbox) return;
    this.#sandbox = sandbox;
    for (const element of [this.#gauges, this.#variables, this.#timeline, this.#account]) {
      element.sandbox = sandbox;
    }
  }

  #forget(): void {
    this.help.outcome = this.#gauges.outcome = undefined;
    void this.#variables.refresh();
  }
}

function make<T extends HTMLElement>(name: string): T {
  return document.createElement(name) as T;
}
