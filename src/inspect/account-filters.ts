/** Which calls of an account a view is to show, and the fields that ask for them. */
import { html, nothing, type TemplateResult } from 'lit';
import { errno } from '../protocol/errno';
import { type HostCallName, hostCallNames } from '../protocol/table';
import type { ListFilter } from './call-list';

/** All host calls, or uses of capabilities only. */
export type AccountView = 'calls' | 'uses';

const startsWith = (...beginnings: readonly string[]): readonly HostCallName[] =>
  hostCallNames.filter((name) => beginnings.some((beginning) => name.startsWith(beginning)));

/** Kinds of calls, by what they are about. */
const KINDS: ReadonlyMap<string, readonly HostCallName[]> = new Map([
  ['Files and streams', startsWith('path_', 'fd_')],
  ['Time and waiting', startsWith('clock_', 'poll_oneoff', 'sched_')],
  ['Random numbers', startsWith('random_')],
  ['Network', startsWith('sock_')],
  ['Capabilities', startsWith('capability_')],
  ['The interpreter itself', startsWith('args_', 'environ_', 'proc_', 'request_', 'result_')],
]);

const ERRNOS: readonly string[] = Object.keys(errno);

export class AccountFilters {
  readonly #onChange: () => void;
  #view: AccountView = 'calls';
  /** A key of `KINDS`, the name of a call, or nothing. */
  #kind = '';
  /** As an account's filter takes it, or nothing. */
  #errno = '';
  #path = '';
  #text = '';

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get view(): AccountView {
    return this.#view;
  }

  show(view: AccountView): void {
    this.#view = view;
    this.#onChange();
  }

  get filter(): ListFilter {
    if (this.#view === 'uses') return { name: 'capability_call', text: this.#text };
    const kind = KINDS.get(this.#kind) ?? hostCallNames.find((name) => name === this.#kind);
    return {
      ...(kind === undefined ? {} : { name: kind }),
      ...(this.#errno === '' ? {} : { errno: this.#errno }),
      ...(this.#path.trim() === '' ? {} : { path: this.#path.trim() }),
      text: this.#text,
    };
  }

  template(): TemplateResult {
    return html`<div class="bar filters" role="search" aria-label="Which calls">
      ${this.#view === 'uses' ? nothing : this.#ofCallsTemplate()}
      <input
        type="search"
        aria-label="Text in the line"
        placeholder="text"
        spellcheck="false"
        .value=${this.#text}
        @input=${(event: Event) => this.#set(event, (value) => (this.#text = value))}
      />
    </div>`;
  }

  #ofCallsTemplate(): TemplateResult {
    return html`
      <select
        aria-label="Kind of call"
        @change=${(event: Event) => this.#set(event, (value) => (this.#kind = value))}
      >
        <option value="">All calls</option>
        ${optionsTemplate([...KINDS.keys()], this.#kind)}
        <optgroup label="One call">${optionsTemplate(hostCallNames, this.#kind)}</optgroup>
      </select>
      <select
        aria-label="How it ended"
        @change=${(event: Event) => this.#set(event, (value) => (this.#errno = value))}
      >
        <option value="">Any end</option>
        <option value="failure" ?selected=${this.#errno === 'failure'}>Failures</option>
        <option value="SUCCESS" ?selected=${this.#errno === 'SUCCESS'}>Successes</option>
        <optgroup label="One failure">${optionsTemplate(ERRNOS, this.#errno)}</optgroup>
      </select>
      <input
        type="search"
        aria-label="Path, or a folder above it"
        placeholder="/path"
        spellcheck="false"
        autocapitalize="off"
        .value=${this.#path}
        @input=${(event: Event) => this.#set(event, (value) => (this.#path = value))}
      />
    `;
  }

  #set(event: Event, set: (value: string) => void): void {
    const field = event.currentTarget;
    if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) set(field.value);
    this.#onChange();
  }
}

function optionsTemplate(values: readonly string[], chosen: string): readonly TemplateResult[] {
  return values.map(
    (value) => html`<option value=${value} ?selected=${value === chosen}>${value}</option>`,
  );
}
