/** `<glovebox-gauges>`: what a sandbox has used of what it may. `glovebox-gauges.ts` defines it. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Outcome } from '../controller/outcome';
import type { Sandbox } from '../controller/sandbox';
import { noteFor } from '../terminal/outcome-note';
import type { Volume } from '../volume/volume';
import { type DiskUse, type Gauge, type Reading, readGauges } from './gauge-readings';
import { theme } from './theme';
import { VisiblePoll } from './visible-poll';

/** A volume to show a gauge of. */
export interface Disk {
  /** Where it is mounted; what the gauge is called. */
  readonly path: string;
  readonly volume: Volume;
  /** Its quota. Default: no limit. */
  readonly maxBytes?: number | undefined;
}

/** As often as a number that changes can be read. */
const RUNNING_MS = 250;
const RESTING_MS = 1000;

export class GaugesElement extends LitElement {
  static override properties = {
    sandbox: { attribute: false },
    disks: { attribute: false },
    outcome: { attribute: false },
  };

  static override styles = [
    theme,
    css`
      .gauges {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(13rem, 100%), 1fr));
        gap: 0.875rem 1.25rem;
        padding: 0.75rem;
      }

      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        justify-content: space-between;
        gap: 0 0.5rem;
        font-variant-numeric: tabular-nums;
      }

      .name {
        font-weight: 600;
        overflow-wrap: anywhere;
      }

      .of {
        color: var(--_muted);
      }

      svg {
        display: block;
        width: 100%;
        height: 0.5rem;
        margin-top: 0.25rem;
        border-radius: 0.25rem;
        background: color-mix(in srgb, var(--_muted) 22%, transparent);
        overflow: hidden;
      }

      svg.thin {
        height: 0.1875rem;
      }

      rect {
        fill: var(--_accent);
      }

      .thin rect {
        fill: var(--_muted);
      }

      .near rect {
        fill: var(--_warning);
      }

      .over rect {
        fill: var(--_error);
      }

      .state {
        font-weight: 600;
        font-size: 0.8125rem;
      }

      .state.near {
        color: var(--_warning);
      }

      .state.over {
        color: var(--_error);
      }

      .lifetime {
        margin-top: 0.25rem;
        color: var(--_muted);
        font-size: 0.75rem;
        font-variant-numeric: tabular-nums;
      }

      .note {
        margin: 0.75rem 0.75rem 0;
        border: 1px solid var(--_error);
        border-radius: 0.5rem;
        padding: 0.5rem 0.75rem;
      }

      .note strong {
        color: var(--_error);
      }
    `,
  ];

  declare sandbox: Sandbox | undefined;
  /** Volumes to show the use of. */
  declare disks: readonly Disk[];
  /** How the last run ended: its figures are shown, and the limit that ended it. None while something runs. */
  declare outcome: Outcome | undefined;

  readonly #poll = new VisiblePoll(
    this,
    () => this.#look(),
    () => (this.sandbox?.running === true ? RUNNING_MS : RESTING_MS),
  );
  #shown = '';
  #uses: readonly DiskUse[] = [];
  #isAsking = false;

  constructor() {
    super();
    this.disks = [];
  }

  /** Looks at once, without waiting for its time: a run may have begun. */
  refresh(): void {
    this.#poll.now();
  }

  override render(): TemplateResult {
    const { sandbox, outcome } = this;
    if (sandbox === undefined) return html`<p class="empty">No Python is running.</p>`;
    const note = outcome === undefined ? undefined : noteFor(outcome, sandbox.limits);
    const gauges = readGauges(sandbox.usage, sandbox.limits, this.#uses, outcome);
    return html`
      <div role="status">
        ${
          note?.kind === 'limit'
            ? html`<p class="note"><strong>${note.title}.</strong> ${note.text}</p>`
            : nothing
        }
      </div>
      <ul class="gauges" aria-label="Used by the program">
        ${repeat(gauges, ({ key }) => key, gaugeTemplate)}
      </ul>
    `;
  }

  #look(): void {
    const { sandbox } = this;
    if (sandbox === undefined) return;
    void this.#askDisks();
    // The same numbers are not drawn again.
    const shown = JSON.stringify(sandbox.usage);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.requestUpdate();
  }

  async #askDisks(): Promise<void> {
    if (this.#isAsking || (this.disks.length === 0 && this.#uses.length === 0)) return;
    this.#isAsking = true;
    const uses = await Promise.all(this.disks.map(useOf));
    this.#isAsking = false;
    if (JSON.stringify(uses) === JSON.stringify(this.#uses)) return;
    this.#uses = uses.filter((use) => use !== undefined);
    this.requestUpdate();
  }
}

/** Nothing for a volume that is closed, or does not answer. */
async function useOf(disk: Disk): Promise<DiskUse | undefined> {
  const { path, volume, maxBytes = Number.POSITIVE_INFINITY } = disk;
  try {
    const { bytes } = await volume.usage();
    return { path, bytes, maxBytes };
  } catch {
    return undefined;
  }
}

const WORDS = { ok: '', near: 'near the limit', over: 'limit reached' } as const;

function gaugeTemplate({ label, now, lifetime, ended }: Gauge): TemplateResult {
  const state = ended ? 'over' : now.state;
  return html`
    <li>
      <div class="head">
        <span class="name">${label}</span>
        <span>
          ${now.used} <span class="of">${now.share === undefined ? '' : `of ${now.most}`}</span>
        </span>
      </div>
      ${now.share === undefined ? nothing : meterTemplate(label, { ...now, state }, '')}
      ${state === 'ok' ? nothing : html`<div class="state ${state}">${WORDS[state]}</div>`}
      ${
        lifetime === undefined
          ? nothing
          : html`<div class="lifetime">
              in all ${lifetime.used}${lifetime.share === undefined ? '' : ` of ${lifetime.most}`}${
                lifetime.state === 'ok' ? '' : `, ${WORDS[lifetime.state]}`
              }
              ${lifetime.share === undefined ? nothing : meterTemplate(`${label}, in all`, lifetime, 'thin')}
            </div>`
      }
    </li>
  `;
}

function meterTemplate(label: string, reading: Reading, kind: string): TemplateResult {
  const { share = 0, used, most, state } = reading;
  const percent = Math.round(share * 1000) / 10;
  const text = `${used} of ${most}${state === 'ok' ? '' : `, ${WORDS[state]}`}`;
  return html`<svg
    class="${kind} ${state}"
    role="meter"
    aria-label=${label}
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow=${percent}
    aria-valuetext=${text}
    preserveAspectRatio="none"
  >
    <rect width="${percent}%" height="100%"></rect>
  </svg>`;
}
