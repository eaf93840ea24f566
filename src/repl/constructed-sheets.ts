/** Styles of a library that writes `<style>` elements, which a strict Content-Security-Policy does not let a page have. */

/**
 * Calls `make`: each `<style>` element that it creates is another one, of no meaning, whose text becomes a constructed
 * sheet of `root`, which no policy refuses. Gives what takes the sheets away again.
 */
export function withConstructedSheets(root: ShadowRoot, make: () => void): () => void {
  const made: CSSStyleSheet[] = [];
  const createElement = document.createElement.bind(document);
  const create = (name: string, options?: ElementCreationOptions): HTMLElement => {
    if (name !== 'style') return createElement(name, options);
    const sheet = new CSSStyleSheet();
    made.push(sheet);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    return standIn(createElement('span'), sheet);
  };
  // The library asks the document itself, and has no other way to be told.
  document.createElement = create as typeof document.createElement;
  try {
    make();
  } finally {
    Reflect.deleteProperty(document, 'createElement');
  }
  return () => {
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((sheet) => !made.includes(sheet));
  };
}

function standIn(element: HTMLElement, sheet: CSSStyleSheet): HTMLElement {
  element.hidden = true;
  Object.defineProperty(element, 'textContent', {
    get: () => '',
    set: (text: string) => sheet.replaceSync(text),
  });
  return element;
}
