/**
 * HTML of a guest's as the document of a frame that has no origin, runs no script, sends no form, opens nothing and
 * leads nowhere. Its own policy lets it fetch nothing, should the browser not have heard of any of that.
 */
import { purify } from './purify';

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** Before the guest's, which may change it: it is its frame. */
const STYLE = `
  :root { color-scheme: light dark; }
  body { margin: 8px; font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
  table { border-collapse: collapse; }
  th, td { padding: 4px 10px; border: 1px solid light-dark(#d5dad5, #313835); }
  img, svg { max-width: 100%; }
`;

export interface FrameDocument {
  readonly text: string;
  /** About how high it will be: who may not look into a frame can't know. */
  readonly heightPixels: number;
}

/** Throws `RangeError` for too many elements. */
export function frameDocument(markup: string): FrameDocument {
  const fragment = purify(markup, 'html');
  const heightPixels = estimateHeight(fragment);
  const body = document.implementation.createHTMLDocument('').body;
  body.append(fragment);
  const head = `<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}">`;
  const text = `<!doctype html><html><head>${head}<style>${STYLE}</style></head><body>${body.innerHTML}</body></html>`;
  return { text, heightPixels };
}

const SMALLEST = 48;
const LARGEST = 480;
const MARGINS = 24;
const LINE = 24;
const CHARACTERS_PER_LINE = 80;
/** What begins on a new line, and how high it is besides the lines of its text. */
const BLOCKS: Readonly<Record<string, number>> = {
  ...{
    p: 14,
    div: 0,
    ul: 14,
    ol: 14,
    li: 0,
    tr: 10,
    hr: 18,
    pre: 14,
    blockquote: 14,
    br: 0,
    dt: 0,
    dd: 0,
  },
  ...{
    h1: 46,
    h2: 36,
    h3: 26,
    h4: 20,
    h5: 20,
    h6: 20,
    table: 8,
    caption: 4,
    section: 0,
    article: 0,
  },
};

function estimateHeight(fragment: DocumentFragment): number {
  let height = MARGINS;
  let characters = 0;
  const endLine = (): void => {
    if (characters > 0) height += Math.ceil(characters / CHARACTERS_PER_LINE) * LINE;
    characters = 0;
  };
  const visit = (node: Node): void => {
    if (node instanceof Text) characters += node.data.trim().length;
    if (!(node instanceof Element) && !(node instanceof DocumentFragment)) return;
    const name = node instanceof Element ? node.localName : '';
    if (name === 'style') return;
    if (name === 'svg' || name === 'img') {
      height += Math.min(
        Number.parseFloat((node as Element).getAttribute('height') ?? '') || 150,
        LARGEST,
      );
      return;
    }
    const extra = BLOCKS[name];
    if (extra !== undefined) {
      endLine();
      height += extra;
    }
    for (const child of node.childNodes) visit(child);
    if (extra !== undefined) endLine();
  };
  visit(fragment);
  endLine();
  return Math.min(Math.max(height, SMALLEST), LARGEST);
}
