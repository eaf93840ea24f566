/** `<playground-dialog>`: one question at a time, in the browser's own modal dialog. */
import { css, html, LitElement, nothing } from 'lit';
import { buttonStyles, themeStyles } from '../theme/theme';

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly kind?: 'primary' | 'danger' | undefined;
}

export interface Question {
  readonly title: string;
  readonly text?: string | undefined;
  /** Pairs of a term and what it means. */
  readonly list?: readonly (readonly [term: string, meaning: string])[] | undefined;
  readonly choices: readonly Choice[];
  /** A name to be typed as well. */
  readonly input?: { readonly label: string; readonly value: string } | undefined;
  /** Says what is wrong with it, or undefined. */
  readonly check?: ((input: string) => string | undefined) | undefined;
  /** Takes the question back: it is answered as if the user wanted none of it. */
  readonly signal?: AbortSignal | undefined;
}

export interface Answer {
  readonly choice: string;
  /** What was typed, without spaces around it. */
  readonly input: string;
}

interface Asked {
  readonly question: Question;
  readonly answer: (answer: Answer | undefined) => void;
}

export class PlaygroundDialog extends LitElement {
  static override styles = [
    themeStyles,
    buttonStyles,
    css`
      dialog {
        max-width: min(30rem, calc(100vw - 2rem));
        border: 1px solid var(--_border);
        border-radius: 0.625rem;
        padding: 1.125rem 1.25rem;
        background: var(--_surface);
        color: var(--_text);
        font: 14px / 1.5 var(--_font-ui);
        box-shadow: 0 12px 40px rgb(0 0 0 / 25%);
      }

      dialog::backdrop {
        background: rgb(0 0 0 / 35%);
      }

      h2 {
        margin: 0 0 0.5rem;
        font-size: 1rem;
      }

      p {
        margin: 0 0 1rem;
        color: var(--_muted);
        overflow-wrap: anywhere;
      }

      label {
        display: grid;
        gap: 0.25rem;
        margin-bottom: 1rem;
      }

      input {
        width: 22rem;
        max-width: 100%;
        min-height: 2.125rem;
        border: 1px solid var(--_border);
        border-radius: 0.375rem;
        padding: 0 0.625rem;
        background: var(--_background);
        color: var(--_text);
        font: inherit;
      }

      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0.375rem 1.25rem;
        margin: 0 0 1rem;
      }

      dt {
        font-weight: 550;
      }

      dd {
        margin: 0;
        color: var(--_muted);
      }

      .wrong {
        min-height: 1.25rem;
        margin: -0.75rem 0 0.75rem;
        color: var(--_error);
      }

      .choices {
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
        gap: 0.5rem;
      }

      button {
        min-height: 2.125rem;
        padding: 0 0.875rem;
      }
    `,
  ];

  static override properties = { theme: { reflect: true } };

  declare theme: string | null;

  readonly #waiting: Asked[] = [];
  #asked: Asked | undefined;
  #wrong = '';

  /** Undefined if the user wants none of it. */
  ask(question: Question): Promise<Answer | undefined> {
    return new Promise((answer) => {
      const asked = { question, answer };
      this.#waiting.push(asked);
      question.signal?.addEventListener('abort', () => {
        if (this.#asked === asked) this.#answer(undefined);
      });
      if (this.#asked === undefined) void this.#next();
    });
  }

  /** Something to be read. */
  async tell(title: string, text: string): Promise<void> {
    await this.ask({ title, text, choices: [] });
  }

  override render() {
    const question = this.#asked?.question;
    return html`<dialog aria-labelledby="title" @close=${(event: Event) => this.#onClose(event)}>
      ${question === undefined ? nothing : this.#renderQuestion(question)}
    </dialog>`;
  }

  #renderQuestion({ title, text, list, choices, input }: Question) {
    const closing = choices.length === 0 ? 'Close' : 'Cancel';
    return html`<form method="dialog" @submit=${(event: SubmitEvent) => this.#submit(event)}>
      <h2 id="title">${title}</h2>
      ${text === undefined ? nothing : html`<p>${text}</p>`}
      ${
        list === undefined
          ? nothing
          : html`<dl>
            ${list.map(([term, meaning]) => html`<dt>${term}</dt><dd>${meaning}</dd>`)}
          </dl>`
      }
      ${
        input === undefined
          ? nothing
          : html`<label
              >${input.label}
              <input name="input" .value=${input.value} autocomplete="off" spellcheck="false" />
            </label>
            <p class="wrong" role="alert">${this.#wrong}</p>`
      }
      <div class="choices">
        <button type="button" @click=${() => this.#answer(undefined)}>${closing}</button>
        ${choices.map(
          ({ value, label, kind }) =>
            html`<button type="submit" value=${value} class=${kind ?? ''}>${label}</button>`,
        )}
      </div>
    </form>`;
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const choice = (event.submitter as HTMLButtonElement | null)?.value ?? '';
    const field = this.renderRoot.querySelector('input');
    const input = field?.value.trim() ?? '';
    this.#wrong = (field === null ? undefined : this.#asked?.question.check?.(input)) ?? '';
    if (this.#wrong === '') this.#answer({ choice, input });
    else this.requestUpdate();
  }

  /** By Escape. The event comes late: the next question may be open by then. */
  #onClose({ target }: Event): void {
    if (!(target as HTMLDialogElement).open) this.#answer(undefined);
  }

  #answer(answer: Answer | undefined): void {
    const asked = this.#asked;
    if (asked === undefined) return;
    this.#asked = undefined;
    this.renderRoot.querySelector('dialog')?.close();
    asked.answer(answer);
    void this.#next();
  }

  async #next(): Promise<void> {
    this.#asked = this.#waiting.shift();
    this.#wrong = '';
    this.requestUpdate();
    await this.updateComplete;
    if (this.#asked === undefined) return;
    this.renderRoot.querySelector('dialog')?.showModal();
    const field = this.renderRoot.querySelector('input');
    const name = this.#asked.question.input?.value ?? '';
    // As when one renames elsewhere: the name without its ending.
    const dot = name.lastIndexOf('.');
    field?.setSelectionRange(name.lastIndexOf('/') + 1, dot > 0 ? dot : name.length);
    field?.focus();
  }
}
