/** How each kind of content looks. What takes a library is looked at when the first one of its kind is shown. */
import { html, nothing, type TemplateResult } from 'lit';
import { until } from 'lit/directives/until.js';
import type { Content, PictureContent, TableContent, TextContent } from './content';
import { pictureAddress } from './picture';

export function contentView(content: Content): unknown {
  switch (content.kind) {
    case 'canvas':
      return html`<glovebox-drawing .drawing=${content.drawing}></glovebox-drawing>`;
    case 'table':
      return tableView(content);
    case 'picture':
      return pictureView(content);
    case 'text':
      return html`<pre tabindex="0">${content.text}</pre>`;
    case 'error':
      return errorView(content.text);
    default:
      return until(prepared(content), html`<p class="muted">…</p>`);
  }
}

function errorView(text: string): TemplateResult {
  return html`<pre class="error" tabindex="0">${text}</pre>`;
}

const views = new WeakMap<TextContent, Promise<unknown>>();

/** Made once for each content: a frame that is made anew would lose where it was scrolled to. */
function prepared(content: TextContent): Promise<unknown> {
  let view = views.get(content);
  if (view === undefined) {
    view = prepare(content).catch((error: unknown) => {
      // Of our own where they are of these; what else went wrong is not for the user.
      const reason = error instanceof RangeError ? error.message : 'it is damaged';
      return errorView(`This can not be shown: ${reason}.`);
    });
    views.set(content, view);
  }
  return view;
}

async function prepare({ kind, text, alt }: TextContent): Promise<unknown> {
  switch (kind) {
    case 'html': {
      const { frameDocument } = await import('./html-frame');
      const { text: source, heightPixels } = frameDocument(text);
      return html`<iframe
        sandbox=""
        referrerpolicy="no-referrer"
        title=${alt || 'HTML of the program'}
        style="height: ${heightPixels}px"
        .srcdoc=${source}
      ></iframe>`;
    }
    case 'svg': {
      const { svgAddress } = await import('./svg');
      return html`<img class="svg" alt=${alt || 'Picture'} src=${svgAddress(text)} />`;
    }
    case 'latex': {
      const { formula, withoutDelimiters } = await import('./latex');
      const { body, isDisplay } = withoutDelimiters(text);
      return html`<div class="formula" tabindex="0">${formula(body, isDisplay)}</div>`;
    }
    default:
      return markdownView(text);
  }
}

async function markdownView(text: string): Promise<unknown> {
  const { markdown } = await import('./markdown');
  const showFormula = (body: string, isDisplay: boolean): unknown =>
    until(
      import('./latex').then(({ formula }) => formula(body, isDisplay)).catch(() => body),
      body,
    );
  return html`<div class="markdown">${markdown(text, showFormula)}</div>`;
}

function pictureView({ format, bytes, width, height, alt }: PictureContent): TemplateResult {
  const address = pictureAddress(format, bytes);
  return html`<img alt=${alt || 'Picture'} src=${address} width=${width} height=${height} />`;
}

function tableView(table: TableContent): TemplateResult {
  const { columns, numeric, rows, caption } = table;
  const style = (index: number): string => (numeric[index] ? 'number' : '');
  const note = tableNote(table);
  return html`<div class="table" role="region" tabindex="0" aria-label=${caption || 'Table'}>
      <table>
        ${caption === '' ? nothing : html`<caption>${caption}</caption>`}
        <thead>
          <tr>
            ${columns.map((name, index) => html`<th scope="col" class=${style(index)}>${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${row.map((cell, index) => html`<td class=${style(index)}>${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${note === '' ? nothing : html`<p class="muted">${note}</p>`}`;
}

/** What of a table is not shown. */
export function tableNote({ columns, rows, totalRows, totalColumns }: TableContent): string {
  const parts: string[] = [];
  const count = (number: number): string => number.toLocaleString('en');
  if (totalRows === -1) parts.push(`the first ${count(rows.length)} rows`);
  else if (totalRows > rows.length) parts.push(`${count(rows.length)} of ${count(totalRows)} rows`);
  if (totalColumns > columns.length) {
    parts.push(`${count(columns.length)} of ${count(totalColumns)} columns`);
  }
  return parts.length === 0 ? '' : `Shown: ${parts.join(', ')}.`;
}
