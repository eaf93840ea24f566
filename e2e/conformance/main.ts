/**
 * Runs the suite in whatever browser opens this page, shows what holds, and leaves the report in
 * `globalThis.conformance` (in a frame: sends it to the page around it). In the address: `group=NAME` (repeatable) runs those alone, `isolate` lets
 * the service worker isolate the page first, `figures` measures instead.
 */
import { isolatePage, PythonGuest } from '../../src/index';
import { claim, claimIncludes } from './claims';
import { measureFigures } from './figures';
import { groups } from './groups';
import { Python, Workshop } from './python';
import type { Figure, Report, TestResult } from './report';
import { type Group, runGroups } from './suite';

class Page {
  readonly #results: TestResult[] = [];
  #figures: readonly Figure[] = [];
  #channel: string | undefined;
  #current = 'loading';

  constructor() {
    this.#publish(false);
  }

  set channel(channel: string | undefined) {
    this.#channel = channel;
    this.#show('environment', `${navigator.userAgent}: ${channel ?? 'no'} channel`);
  }

  started(group: string, title: string): void {
    this.#current = `${group}: ${title}`;
    this.#show('progress', this.#current);
    this.#publish(false);
  }

  ended(result: TestResult): void {
    this.#results.push(result);
    const item = document.createElement('li');
    item.className = result.failure === undefined ? 'held' : 'failed';
    const reason = result.failure === undefined ? '' : ` — ${result.failure}`;
    item.textContent = `${result.group}: ${result.title} (${result.durationMs} ms)${reason}`;
    document.getElementById('results')?.append(item);
    this.#publish(false);
  }

  measured(figures: readonly Figure[]): void {
    this.#figures = figures;
    this.#show('figures', JSON.stringify(figures, null, 2));
  }

  done(): void {
    const failed = this.#results.filter(({ failure }) => failure !== undefined).length;
    this.#current = `${this.#results.length - failed} hold, ${failed} do not`;
    this.#show('progress', this.#current);
    this.#publish(true);
  }

  #show(id: string, text: string): void {
    const element = document.getElementById(id);
    if (element !== null) element.textContent = text;
  }

  #publish(done: boolean): void {
    const report: Report = {
      engine: navigator.userAgent,
      crossOriginIsolated: globalThis.crossOriginIsolated,
      channel: this.#channel,
      results: [...this.#results],
      figures: this.#figures,
      current: this.#current,
      done,
    };
    Object.assign(globalThis, { conformance: report });
    if (parent !== window) parent.postMessage(report, '*');
  }
}

/** What is left to prove where a guest can't wait for its host. */
const withoutChannel: Group = {
  'a page that can hold no guest is told what to do': async (workshop) => {
    const error: unknown = await Python.open(workshop.guest).catch((fault: unknown) => fault);
    claim(Reflect.get(Object(error), 'code') === 'ENVIRONMENT', String(error));
    const isolated = globalThis.crossOriginIsolated;
    claimIncludes(String(error), isolated ? 'shared memory' : 'Cross-Origin-Opener-Policy');
  },
};

const canSuspend = 'Suspending' in WebAssembly;
const canShare = globalThis.crossOriginIsolated && 'SharedArrayBuffer' in globalThis;

async function main(): Promise<void> {
  const page = new Page();
  const wanted = new URLSearchParams(location.search);
  if (wanted.has('isolate')) await isolatePage();
  try {
    // Tests watch and end the workers that are made for them: none is to be there before.
    const guest = await PythonGuest.load('guest/', { spareWorker: false });
    const channel = canShare ? 'shared' : canSuspend ? 'suspend' : undefined;
    page.channel = channel;
    if (wanted.has('figures')) {
      if (channel !== undefined) page.measured(await measureFigures(guest));
    } else {
      const names = wanted.getAll('group');
      const all = channel === undefined ? { run: withoutChannel } : groups;
      const chosen = Object.entries(all).filter(
        ([name]) => names.length === 0 || names.includes(name),
      );
      const workshop = new Workshop(guest);
      await runGroups(Object.fromEntries(chosen), workshop, page);
      workshop.close();
    }
  } catch (error) {
    const failure = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    page.ended({ group: 'start', title: 'the suite starts', durationMs: 0, failure });
  }
  page.done();
}

void main();
