/**
 * Markdown of a guest's as elements that are made here one by one: no HTML of the guest's is ever read, what is
 * written as HTML is shown as text.
 */
import { html, nothing, type TemplateResult } from 'lit';
import { Marked, type Token, type Tokens } from 'marked';

/** A formula between dollar signs. */
export type ShowFormula = (text: string, isDisplay: boolean) => unknown;

const MOST_CHARACTERS = 200_000;
const DEEPEST = 40;

interface FormulaToken {
  readonly type: 'formula';
  readonly raw: string;
  readonly text: string;
  readonly isDisplay: boolean;
}

const formulas = {
  extensions: [
    {
      name: 'formula',
      level: 'inline' as const,
      start: (source: string) => source.indexOf('$'),
      tokenizer(source: string): FormulaToken | undefined {
        const match =
          /^\$\$([^$]{1,2000})\$\$/.exec(source) ??
          /^\$(?!\s)([^$\n]{1,1000})(?<!\s)\$(?!\d)/.exec(source);
        if (match?.[1] === undefined) return undefined;
        const isDisplay = match[0].startsWith('$$');
        return { type: 'formula', raw: match[0], text: match[1], isDisplay };
      },
    },
  ],
};

/** Throws `RangeError` for what is too long. */
export function markdown(text: string, showFormula: ShowFormula): TemplateResult {
  if (text.length > MOST_CHARACTERS) throw new RangeError('the text is too long');
  const tokens = new Marked(formulas).lexer(text);
  return html`${blocks(tokens, showFormula, 0)}`;
}

function blocks(tokens: readonly Token[], formula: ShowFormula, depth: number): unknown[] {
  if (depth > DEEPEST) return tokens.map(({ raw }) => raw);
  return tokens.map((token) => block(token, formula, depth + 1));
}

function block(token: Token, formula: ShowFormula, depth: number): unknown {
  const inside = (tokens: readonly Token[] = []) => blocks(tokens, formula, depth);
  switch (token.type) {
    case 'space':
    case 'def':
      return nothing;
    case 'hr':
      return html`<hr />`;
    case 'heading':
      return heading(token.depth, inside(token.tokens));
    case 'paragraph':
      return html`<p>${inside(token.tokens)}</p>`;
    case 'blockquote':
      return html`<blockquote>${inside(token.tokens)}</blockquote>`;
    case 'code':
      return html`<pre tabindex="0"><code>${token.text}</code></pre>`;
    case 'list':
      return list(token as Tokens.List, inside);
    case 'table':
      return table(token as Tokens.Table, inside);
    case 'formula':
      return formula(token.text, token.isDisplay);
    default:
      return inline(token, inside);
  }
}

type Inside = (tokens?: readonly Token[]) => unknown[];

function inline(token: Token, inside: Inside): unknown {
  switch (token.type) {
    case 'strong':
      return html`<strong>${inside(token.tokens)}</strong>`;
    case 'em':
      return html`<em>${inside(token.tokens)}</em>`;
    case 'del':
      return html`<del>${inside(token.tokens)}</del>`;
    case 'codespan':
      return html`<code>${token.text}</code>`;
    case 'br':
      return html`<br />`;
    case 'link':
      return link(token as Tokens.Link, inside);
    case 'image':
      // Nothing is fetched: what it shows is said instead.
      return html`<span class="absent">[${token.text || 'image'}]</span>`;
    case 'escape':
      return token.text;
    case 'text':
      return token.tokens === undefined ? unescaped(token.raw) : inside(token.tokens);
    default:
      return token.raw;
  }
}

/** Only the few entities that people write in plain text. */
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&nbsp;': '\u00a0',
};

function unescaped(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|nbsp);/g, (entity) => ENTITIES[entity] ?? entity);
}

function heading(depth: number, inside: unknown): TemplateResult {
  if (depth === 1) return html`<h3>${inside}</h3>`;
  return depth === 2 ? html`<h4>${inside}</h4>` : html`<h5>${inside}</h5>`;
}

function link({ href, tokens }: Tokens.Link, inside: Inside): unknown {
  const address = webAddress(href);
  if (address === undefined) return inside(tokens);
  return html`<a href=${address} target="_blank" rel="noopener noreferrer nofollow">${inside(tokens)}</a>`;
}

/** What a user may be led to: nothing else than a page of the web. */
export function webAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, href } = new URL(text);
  return protocol === 'https:' || protocol === 'http:' ? href : undefined;
}

function list({ ordered, start, items }: Tokens.List, inside: Inside): TemplateResult {
  const entries = items.map(({ task, checked, tokens }) => {
    const box = task
      ? html`<input type="checkbox" disabled .checked=${checked === true} /> `
      : nothing;
    // The box has been read already.
    const shown = tokens.filter(({ type }) => type !== 'checkbox');
    return html`<li>${box}${inside(shown)}</li>`;
  });
  return ordered ? html`<ol start=${start || 1}>${entries}</ol>` : html`<ul>${entries}</ul>`;
}

function table({ header, rows }: Tokens.Table, inside: Inside): TemplateResult {
  const cells = (row: readonly Tokens.TableCell[]) =>
    row.map(({ tokens, align }) => html`<td class=${align ?? 'left'}>${inside(tokens)}</td>`);
  return html`<table>
    <thead>
      <tr>
        ${header.map(({ tokens, align }) => html`<th class=${align ?? 'left'}>${inside(tokens)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map((row) => html`<tr>${cells(row)}</tr>`)}
    </tbody>
  </table>`;
}
