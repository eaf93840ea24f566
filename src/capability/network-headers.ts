/** Headers on their way out and in: what a guest may say, and what it is told. */
import { isToken } from './network-rules';
import { Refusal } from './refusal';

export type HeaderList = readonly (readonly [name: string, value: string])[];

const MAX_HEADERS = 100;
const MAX_HEADER_CHARACTERS = 16_384;

/** How a message travels is between the browser and the server: what the guest says of it says nothing. */
const OF_THE_TRANSPORT = new Set(
  `accept-encoding connection content-length expect host keep-alive te trailer transfer-encoding upgrade`.split(
    ' ',
  ),
);

/** They speak for the page, its user or the network, or ask for another method than the one that was checked. */
const NOT_THE_GUESTS = new Set(
  `accept-charset access-control-request-headers access-control-request-method
   access-control-request-private-network cookie cookie2 date dnt forwarded origin permissions-policy referer
   set-cookie set-cookie2 via x-forwarded-for x-forwarded-host x-forwarded-proto x-http-method
   x-http-method-override x-method-override x-real-ip`.split(/\s+/),
);

const NOT_THE_GUESTS_PREFIX = /^(sec-|proxy-)/;

/** Told by what is read: the body arrives decoded, and cookies are the page's affair. */
const UNTOLD = new Set([
  'connection',
  'keep-alive',
  'set-cookie',
  'set-cookie2',
  'transfer-encoding',
]);

/** What is sent of what the guest asks for, names in small letters. Throws a `Refusal`. */
export function requestHeaders(given: HeaderList): HeaderList {
  const characters = given.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (given.length > MAX_HEADERS || characters > MAX_HEADER_CHARACTERS) {
    throw new Refusal('size', 'the headers are too many or too long');
  }
  const kept: [string, string][] = [];
  for (const [name, value] of given) {
    const key = name.toLowerCase();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it looks for.
    if (!isToken(name) || /[\0-\x08\x0a-\x1f\x7f]|[^\0-\xff]/.test(value)) {
      throw new Refusal('type', 'a header has characters in it that it can not have');
    }
    if (OF_THE_TRANSPORT.has(key)) continue;
    if (NOT_THE_GUESTS.has(key) || NOT_THE_GUESTS_PREFIX.test(key)) {
      throw new Refusal('forbidden', `the header ${key} may not be set`);
    }
    kept.push([key, value]);
  }
  return kept;
}

/** What another origin than the one that they were meant for is not to have. */
export function withoutSecrets(headers: HeaderList): HeaderList {
  return headers.filter(([name]) => name !== 'authorization');
}

/** What described a body that is not sent any more. */
export function withoutBody(headers: HeaderList): HeaderList {
  return headers.filter(([name]) => !name.startsWith('content-'));
}

/** What the guest is told of a response's. The length is that of the body as it will be read, or not there. */
export function responseHeaders(headers: Headers): HeaderList {
  const told: [string, string][] = [];
  const isEncoded = headers.has('content-encoding');
  headers.forEach((value, name) => {
    if (UNTOLD.has(name) || name === 'content-encoding') return;
    if (isEncoded && name === 'content-length') return;
    told.push([name, value]);
  });
  return told;
}
