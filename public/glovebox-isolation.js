/**
 * A service worker that makes pages cross-origin isolated where the server can't send the headers for
 * it: static hosts. It adds them to documents and workers of its own origin and touches nothing else.
 *
 * To be served beside the page (`isolatePage()` of the library registers it): its folder is its scope.
 */

const headersOfIsolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** Images, styles, data and the like of this origin need no header, so they go their usual way. */
const needHeaders = new Set(['document', 'iframe', 'frame', 'worker', 'sharedworker']);

async function isolated(request) {
  const response = await fetch(request);
  // A redirect that the browser is to follow by itself: nothing in it can be read or changed.
  if (response.type === 'opaqueredirect' || response.type === 'error') return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(headersOfIsolation)) headers.set(name, value);
  const { body, status, statusText } = response;
  return new Response(body, { status, statusText, headers });
}

// A new version takes over at once: it would add the same headers.
self.addEventListener('install', () => self.skipWaiting());

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const ours = new URL(request.url).origin === self.location.origin;
  if (ours && needHeaders.has(request.destination)) event.respondWith(isolated(request));
});
