/**
 * Keeps the page and the guest's files, so that they work without a network. One version is one cache, filled before
 * the version is used and removed when the next one is: no page is made of two versions.
 *
 * It makes pages cross-origin isolated as well, as glovebox-isolation.js does: two workers can't have one scope.
 *
 * `BUILD` stands before this when it is built: `{ version, files }`, the files relative to this script.
 */
/* global BUILD */

const PREFIX = 'glovebox-page-';
const CACHE = PREFIX + BUILD.version;
/** At once: a server need not answer for all files in one moment. */
const LOADS = 4;

const headersOfIsolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

const needHeaders = new Set(['document', 'iframe', 'frame', 'worker', 'sharedworker']);

async function fill() {
  const cache = await caches.open(CACHE);
  const waiting = [...BUILD.files];
  const load = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const address = new URL(file, self.location.href);
      // Asked of the server, unless it says that what the browser has is still right.
      const response = await fetch(address, { cache: 'no-cache' });
      if (!response.ok) throw new Error(`${file}: ${response.status}`);
      await cache.put(address, response);
    }
  };
  await Promise.all(Array.from({ length: LOADS }, load));
}

async function forgetOthers() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** A folder's page is its index. What comes after `?` is nothing to these files. */
function addressOf(request) {
  const url = new URL(request.url);
  url.search = '';
  url.hash = '';
  if (url.pathname.endsWith('/')) url.pathname += 'index.html';
  return url;
}

async function isolated(response) {
  if (response.type === 'opaqueredirect' || response.type === 'error') return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(headersOfIsolation)) headers.set(name, value);
  const { body, status, statusText } = response;
  return new Response(body, { status, statusText, headers });
}

async function answer(request) {
  const cache = await caches.open(CACHE);
  const response = (await cache.match(addressOf(request))) ?? (await fetch(request));
  return needHeaders.has(request.destination) ? isolated(response) : response;
}

self.addEventListener('install', (event) => event.waitUntil(fill()));

self.addEventListener('activate', (event) =>
  event.waitUntil(forgetOthers().then(() => self.clients.claim())),
);

self.addEventListener('message', ({ data }) => {
  if (data === 'activate') self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const ours = new URL(request.url).origin === self.location.origin;
  if (ours && request.method === 'GET') event.respondWith(answer(request));
});
