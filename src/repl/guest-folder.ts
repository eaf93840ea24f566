/** Where the interpreter's files are, for an element. */

/** A classic script knows it as long as it is first run. */
const HERE = import.meta.url;

/** As the package lies on a server. Bundlers would take a literal for a file. */
export function guestFolder(given: string | null): URL {
  const packaged = '../guest/';
  return given === null ? new URL(packaged, HERE) : new URL(given, document.baseURI);
}

/** What it has kept comes fast: to keep it once more would help nobody. */
export function hasServiceWorker(): boolean {
  try {
    return navigator.serviceWorker?.controller != null;
  } catch {
    // A frame without an origin may not even ask.
    return false;
  }
}
