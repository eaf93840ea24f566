/** What a program asks the user, in a dialog that is part of the display: it covers nothing else of the page. */
import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { Question } from './content';

export function questionView(question: Question | undefined): unknown {
  return question === undefined ? nothing : keyed(question, dialog(question));
}

function dialog({ title, prompt, initial, note, answer }: Question): TemplateResult {
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const field = (event.target as HTMLFormElement).elements.namedItem('answer');
    answer(field instanceof HTMLInputElement ? field.value : null);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') answer(null);
  };
  return html`<form
    class="question"
    role="group"
    aria-label=${`The program asks: ${title}`}
    @submit=${onSubmit}
    @keydown=${onKey}
  >
    <p class="muted">The program asks</p>
    <h2>${title}</h2>
    <label>
      ${prompt}
      <input name="answer" autocomplete="off" .value=${initial} aria-describedby="note" />
    </label>
    <p id="note" role="alert">${note}</p>
    <div>
      <button type="submit">OK</button>
      <button type="button" @click=${() => answer(null)}>Cancel</button>
    </div>
  </form>`;
}
