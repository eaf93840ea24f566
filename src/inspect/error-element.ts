/** `<glovebox-error>`: why a run ended as it did, for who learns. `glovebox-error.ts` defines it. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Limits } from '../controller/limits';
import type { GuestError, Outcome } from '../controller/outcome';
import { type Note, noteFor } from '../terminal/outcome-note';
import { shownLine, shownText } from '../terminal/shown-text';
import { type Explanation, explainError, type Place } from './explain';
import { theme } from './theme';

const MOST_TRACEBACK = 20_000;
const MOST_LINE = 400;

export class ErrorElement extends LitElement {
  static override properties = {
    outcome: { attribute: false },
    source: { attribute: false },
    limits: { attribute: false },
  };

  static override styles = [
    theme,
    css`
      :host {
        background: none;
      }

      article {
        border: 1px solid var(--_border);
        border-inline-start: 4px solid var(--_error);
        border-radius: 0.5rem;
        padding: 0.625rem 0.875rem 0.75rem;
        background: var(--_surface);
      }

      article + article {
        margin-top: 0.5rem;
      }

      article.ended,
      article.stopped {
        border-inline-start-color: var(--_muted);
      }

      article.limit {
        border-inline-start-color: var(--_warning);
      }

      h3 {
        font-size: 1rem;
        font-weight: 650;
        overflow-wrap: anywhere;
      }

      .limit h3 {
        color: var(--_warning);
      }

      .place {
        display: flex;
        gap: 0.75rem;
        align-items: baseline;
        margin: 0.5rem 0;
        border-radius: 0.375rem;
        padding: 0.25rem 0.625rem;
        background: var(--_background);
      }

      .place button {
        flex: none;
        min-height: 1.75rem;
        padding: 0 0.25rem;
        border: 0;
        background: none;
        color: var(--_accent);
        text-decoration: underline;
        text-underline-offset: 0.2em;
      }

      pre {
        min-width: 0;
        overflow-x: auto;
        white-space: pre;
      }

      mark {
        border-radius: 0.1875rem;
        padding-block: 0.125rem;
        background: color-mix(in srgb, var(--_error) 18%, transparent);
        color: inherit;
        text-decoration: wavy underline var(--_error) 1px;
        text-underline-offset: 0.25em;
      }

      ul {
        margin-top: 0.375rem;
        padding-inline-start: 1.25rem;
        list-style: disc;
      }

      p,
      li {
        overflow-wrap: anywhere;
      }

      p code,
      li code {
        border-radius: 0.25rem;
        padding: 0.0625rem 0.25rem;
        background: color-mix(in srgb, var(--_muted) 16%, transparent);
      }

      .told {
        margin-top: 0.5rem;
        color: var(--_muted);
        font-family: var(--_font-mono);
        font-size: 0.8125rem;
      }

      details {
        margin-top: 0.375rem;
        color: var(--_muted);
        font-size: 0.8125rem;
      }

      summary {
        width: max-content;
        max-width: 100%;
        cursor: pointer;
      }

      details pre {
        max-height: 16rem;
        margin-top: 0.25rem;
        overflow: auto;
      }
    `,
  ];

  /** How the run ended: an error is explained, and a limit named. */
  declare outcome: Outcome | undefined;
  /** What was run, for the line that is marked. */
  declare source: string | undefined;
  /** The sandbox's, to tell how much was allowed. */
  declare limits: Limits | undefined;

  override render(): TemplateResult {
    const { outcome } = this;
    const note = outcome === undefined ? undefined : noteFor(outcome, this.limits);
    const error = outcome !== undefined && 'error' in outcome ? outcome.error : undefined;
    return html`<div role="status">
      ${note === undefined ? nothing : noteTemplate(note)}
      ${error === undefined ? nothing : this.#errorTemplate(error, note !== undefined)}
    </div>`;
  }

  /** `hasNote`: what the error means is said already; where it happened is not. */
  #errorTemplate(error: GuestError, hasNote: boolean): TemplateResult {
    const explanation = explainError(error, this.source);
    return html`<article aria-label=${hasNote ? 'Where it was' : 'Error'}>
      ${hasNote ? html`<h3>It was at this place</h3>` : html`<h3>${explanation.title}</h3>`}
      ${explanation.place === undefined ? nothing : this.#placeTemplate(explanation.place)}
      ${hasNote ? nothing : adviceTemplate(explanation)}
      <p class="told">${explanation.told}</p>
      ${
        error.traceback === ''
          ? nothing
          : html`<details>
              <summary>All that Python said</summary>
              <pre tabindex="0">${shownText(error.traceback, MOST_TRACEBACK)}</pre>
            </details>`
      }
    </article>`;
  }

  #placeTemplate(place: Place): TemplateResult {
    const { line, text, from, to } = place;
    const [before, marked, after] = [text.slice(0, from), text.slice(from, to), text.slice(to)].map(
      (part) => shownText(part, MOST_LINE),
    );
    return html`<div class="place">
      <button type="button" title="Show it in the program" @click=${() => this.#show(place)}>
        Line ${line}
      </button>
      <pre tabindex="0" aria-label="Line ${line}"><code>${before}${
        marked === '' ? nothing : html`<mark>${marked}</mark>`
      }${after}</code></pre>
    </div>`;
  }

  /** Whoever holds the program shows the line there. */
  #show(place: Place): void {
    this.dispatchEvent(
      new CustomEvent('glovebox-show-line', { detail: place, bubbles: true, composed: true }),
    );
  }
}

function noteTemplate({ kind, title, text }: Note): TemplateResult {
  return html`<article class=${kind} aria-label=${title}>
    <h3>${title}</h3>
    <p>${text}</p>
  </article>`;
}

function adviceTemplate({ meaning, tries }: Explanation): TemplateResult {
  return html`<p>${withCode(meaning)}</p>
    ${
      tries.length === 0
        ? nothing
        : html`<ul aria-label="What to try">
            ${tries.map((text) => html`<li>${withCode(text)}</li>`)}
          </ul>`
    }`;
}

/** What stands between backquotes is code. */
function withCode(text: string): readonly (string | TemplateResult)[] {
  const parts = shownLine(text, 1000).split('`');
  return parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));
}
