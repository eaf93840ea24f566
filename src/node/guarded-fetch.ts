/**
 * `fetch` for a guest's requests in Node: it looks at the address that it connects to. A name that looks like a
 * public one and leads to this machine or its neighbours is refused, however often it is looked up.
 */
import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request } from 'node:http';
import { Agent as HttpsAgent, request as secureRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { pipeline } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { specialAddress, specialHost } from '../capability/network-address';
import { Refusal } from '../capability/refusal';

type Resolve = (
  hostname: string,
  options: { readonly all: true; readonly family?: number | undefined },
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Responses that can have no body. */
const BODILESS = new Set([204, 205, 304]);

/**
 * Follows no redirects, knows no proxies and no cookies. Headers come as pairs, bodies as bytes. Rejects with a
 * `Refusal` for an address that is special.
 */
export function guardedFetch(resolve: Resolve = dnsLookup as Resolve): Fetch {
  // Own ones: no connection is used again that was made without looking.
  const options = { keepAlive: true, lookup: guardedLookup(resolve) };
  const agents = { 'http:': new HttpAgent(options), 'https:': new HttpsAgent(options) };
  return (text, { method = 'GET', headers, body, signal }) =>
    new Promise((settle, reject) => {
      const url = new URL(text);
      const isSecure = url.protocol === 'https:';
      const sent: ClientRequest = (isSecure ? secureRequest : request)(url, {
        method,
        agent: agents[isSecure ? 'https:' : 'http:'],
        headers: headersOf(headers as readonly (readonly [string, string])[]),
        ...(signal == null ? {} : { signal }),
      });
      sent.on('error', reject);
      sent.on('response', (message) => {
        try {
          settle(responseOf(message, method));
        } catch (error) {
          message.destroy();
          reject(error);
        }
      });
      sent.end(body ?? undefined);
    });
}

function guardedLookup(resolve: Resolve): LookupFunction {
  return (hostname, { all, family }, callback) => {
    const numeric = family === 'IPv4' ? 4 : family === 'IPv6' ? 6 : family;
    resolve(hostname, { all: true, family: numeric }, (error, addresses) => {
      const [first] = addresses ?? [];
      const what =
        error === null && specialHost(hostname) === undefined ? specialAmong(addresses) : undefined;
      if (what !== undefined) {
        callback(new Refusal('forbidden', `${hostname} leads to ${what}`), '');
      } else if (error !== null || first === undefined) {
        callback(error ?? new Error('no address'), '');
      } else if (all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function specialAmong(addresses: readonly LookupAddress[]): string | undefined {
  return addresses.map(({ address }) => specialAddress(address)).find((what) => what !== undefined);
}

function headersOf(given: readonly (readonly [string, string])[] = []): Record<string, string[]> {
  const headers: Record<string, string[]> = { 'accept-encoding': ['gzip, deflate, br'] };
  for (const [name, value] of given) {
    const values = headers[name] ?? [];
    values.push(value);
    headers[name] = values;
  }
  return headers;
}

function responseOf(message: IncomingMessage, method: string): Response {
  const status = message.statusCode ?? 0;
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(message.headersDistinct)) {
    for (const value of values) headers.append(name, value);
  }
  const init = { status, statusText: message.statusMessage ?? '', headers };
  if (method !== 'HEAD' && !BODILESS.has(status)) return new Response(bodyOf(message), init);
  message.resume();
  return new Response(null, init);
}

function bodyOf(message: IncomingMessage): ReadableStream<Uint8Array> {
  const decoder = decoderOf(message.headers['content-encoding']);
  const source = decoder === undefined ? message : pipeline(message, decoder, () => undefined);
  // Not Node's own `toWeb`, which may throw where nobody catches it when a stream is cancelled.
  const pieces = (source as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  source.on('error', () => undefined);
  // Not the source's `destroyed`: a source that has ended is destroyed while its last piece is on its way here.
  let isCancelled = false;
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (isCancelled) return;
        if (done === true) controller.close();
        else controller.enqueue(new Uint8Array(value));
      },
      cancel() {
        isCancelled = true;
        source.destroy();
      },
    },
    { highWaterMark: 0 },
  );
}

function decoderOf(encoding = 'identity') {
  switch (encoding.trim().toLowerCase()) {
    case 'identity':
      return undefined;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      throw new Refusal('network', 'the response is encoded in a way that nobody asked for');
  }
}
