/** The buttons above a program, and what it is doing. */
import { html, nothing } from 'lit';
import type { LoadProgress } from '../index';
import { ACTIVITY_LABELS, type Activity, runs } from '../repl/activity';
import { icon } from './icons';

export interface BarOptions {
  readonly activity: Activity;
  /** Whether a file is shown that could run. */
  readonly hasProgram: boolean;
  /** Set where each run is stopped after so many. */
  readonly stepLimit: number | undefined;
  readonly progress: LoadProgress | undefined;
  /** Empty before the first one. */
  readonly lastRun: string;
  readonly onRun: () => void;
  readonly onRunSelection: () => void;
  readonly onStop: () => void;
  readonly onRestart: () => void;
  readonly onStepLimit: (steps: number | undefined) => void;
}

const DEFAULT_STEPS = 100_000;

export function renderBar(options: BarOptions) {
  const { activity, hasProgram, stepLimit } = options;
  // While Python starts, too: the run waits for it.
  const canRun = !runs(activity) && hasProgram;
  const canRestart = !['idle', 'starting', 'spent'].includes(activity);
  return html`<div class="bar" role="group" aria-label="Program">
    <button
      class="primary"
      title="Run this file (Ctrl+Enter)"
      ?disabled=${!canRun}
      @click=${options.onRun}
    >
      ${icon('run')} Run
    </button>
    <button
      class="danger"
      title="Interrupt what runs; variables stay (Ctrl+.)"
      ?disabled=${!runs(activity)}
      @click=${options.onStop}
    >
      ${icon('stop')} ${activity === 'stopping' ? 'Force stop' : 'Stop'}
    </button>
    <button
      title="Start over with a fresh interpreter"
      ?disabled=${!canRestart}
      @click=${options.onRestart}
    >
      ${icon('restart')} Restart
    </button>
    <button
      class="plain"
      title="Run the selected lines (Ctrl+Shift+Enter)"
      ?disabled=${!canRun}
      @click=${options.onRunSelection}
    >
      Run selection
    </button>
    <button
      class="plain"
      title="Stop each run after a number of steps"
      aria-pressed=${stepLimit !== undefined}
      @click=${() => options.onStepLimit(stepLimit === undefined ? DEFAULT_STEPS : undefined)}
    >
      Limit steps
    </button>
    ${stepLimit === undefined ? nothing : renderSteps(stepLimit, options.onStepLimit)}
    ${renderStatus(options)}
  </div>`;
}

function renderSteps(limit: number, onStepLimit: (steps: number) => void) {
  const change = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const steps = Number(input.value);
    if (Number.isSafeInteger(steps) && steps > 0) onStepLimit(steps);
    else input.value = String(limit);
  };
  return html`<label class="steps"
    >at most
    <input type="number" min="1" step="1" .value=${String(limit)} @change=${change} />
    steps</label
  >`;
}

function renderStatus({ activity, progress, lastRun }: BarOptions) {
  return html`${
    activity === 'starting' && progress !== undefined
      ? html`<progress
          aria-label="Loading Python"
          max=${progress.totalBytes}
          .value=${progress.loadedBytes}
        ></progress>`
      : nothing
  }<span class="status" data-activity=${activity}
      ><span role="status">${ACTIVITY_LABELS[activity]}</span>${
        activity === 'ready' && lastRun !== ''
          ? html`<span class="last">· ${lastRun}</span>`
          : nothing
      }</span
    >`;
}
