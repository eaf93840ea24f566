/** The element of the page with this id; a page without it is a mistake of ours. */
export function elementById<T extends HTMLElement>(id: string, type: new () => T): T {
  const element = document.getElementById(id);
  if (element instanceof type) return element;
  throw new Error(`the page has no <${type.name}> with id "${id}"`);
}
