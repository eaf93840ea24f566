/**
 * The network as a capability: requests by HTTP to hosts on a list, and to no others. It is the page's `fetch` that
 * sends them, without cookies and without a word of who the page is.
 */
import { OptionError } from '../errors';
import { MAX_TRANSFER_BYTES } from '../protocol/numbers';
import { type Capability, capability, ObjectKind, objectMethod } from './capability';
import { type Call, method } from './method';
import { NetworkBody } from './network-body';
import { Exchange } from './network-exchange';
import {
  type HeaderList,
  requestHeaders,
  responseHeaders,
  withoutBody,
  withoutSecrets,
} from './network-headers';
import { isMethodName, type NetworkRule, NetworkRules } from './network-rules';
import { Refusal } from './refusal';

export interface NetworkOptions {
  /** All that may be reached: what no entry allows is refused before anything is sent. */
  readonly allow: readonly NetworkRule[];
  /** Of a request's body. Default 512 KiB, at most 960 KiB: it travels in one message. */
  readonly maxRequestBytes?: number;
  /** Of a response's body, once it is decoded. Default 16 MiB. */
  readonly maxResponseBytes?: number;
  /** How often one request may be sent on to another URL, each checked as the first. Default 5. */
  readonly maxRedirects?: number;
  /** From the request to the last byte of its response; then the response is closed. Default 30 s. */
  readonly timeoutMs?: number;
  /** Responses that are open at a time, in all sandboxes that share this. Default 16. */
  readonly maxOpen?: number;
  /** Default: the engine's own. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

export interface Network {
  /** To be given as `capabilities: { network: … }`; narrowed, metered or watched as any other. */
  readonly capability: Capability;
  /** To be given as `kinds`, beside the page's own. */
  readonly kinds: readonly ObjectKind[];
  /** How many responses are open now. */
  readonly open: number;
}

type Limits = Required<Omit<NetworkOptions, 'allow' | 'fetch'>>;

const DEFAULTS: Limits = {
  maxRequestBytes: 512 * 1024,
  maxResponseBytes: 16 * 2 ** 20,
  maxRedirects: 5,
  timeoutMs: 30_000,
  maxOpen: 16,
};

/** What is around a body in a message: the URL and the headers have their own limits. */
const MOST: Partial<Limits> = { maxRequestBytes: MAX_TRANSFER_BYTES - 64 * 1024 };

const DOC = `Send a request to a host on the page's list.

Gives the status, its reason, the URL that answered, the headers, and the body to be read.`;

const SIGNATURE = `async (url: str, method: str = 'GET', headers: list[tuple[str, str]] | None = None,
  body: bytes | None = None, follow: bool = True, timeout: float | None = None)
  -> tuple[int, str, str, list[tuple[str, str]], NetworkBody]`;

/** Lets a guest send requests to the hosts on a list. Throws `OptionError`. */
export function network(options: NetworkOptions): Network {
  const client = new Client(options);
  const bodies = new ObjectKind(
    'NetworkBody',
    {
      read: objectMethod(
        'async (size: int = 65536, timeout: float | None = None) -> bytes',
        function (body: NetworkBody, size: number, timeout: number | null) {
          return body.read(size, timeout, this.signal);
        },
        'Up to so many bytes, as soon as there are some; none at the end.',
      ),
      close: objectMethod('() -> None', (body: NetworkBody) => body.close(), 'Read no more.'),
    },
    'What a server answers, piece by piece.',
    (body: NetworkBody) => body.close(),
  );
  const request = method(
    SIGNATURE,
    function (...args: RequestArguments) {
      return client.request(this, args);
    },
    DOC,
  );
  return {
    capability: capability({ request }),
    kinds: [bodies],
    get open() {
      return client.open;
    },
  };
}

type RequestArguments = [
  url: string,
  method: string,
  headers: HeaderList | null,
  body: Uint8Array<ArrayBuffer> | null,
  follow: boolean,
  timeout: number | null,
];

/** What is sent; what follows a redirect is another one. */
interface Sent {
  readonly url: URL;
  readonly method: string;
  readonly headers: HeaderList;
  readonly body: Uint8Array<ArrayBuffer> | null;
}

interface Answered {
  readonly response: Response;
  /** That it is of. */
  readonly url: string;
}

class Client {
  readonly #rules: NetworkRules;
  readonly #limits: Limits;
  readonly #fetch: NonNullable<NetworkOptions['fetch']>;
  open = 0;

  constructor({ allow, fetch, ...given }: NetworkOptions) {
    this.#rules = new NetworkRules(allow);
    this.#limits = limitsOf(given);
    this.#fetch = fetch ?? ((url, init) => globalThis.fetch(url, init));
  }

  async request({ signal }: Call, args: RequestArguments): Promise<unknown> {
    const [text, name, headers, given, follow, timeout] = args;
    if (!isMethodName(name)) throw new Refusal('forbidden', 'there is no such method');
    const verb = name.toUpperCase();
    const url = this.#rules.check(verb, text);
    const body = given === null || given.length === 0 ? null : given;
    if (body !== null && (verb === 'GET' || verb === 'HEAD')) {
      throw new Refusal('type', `${verb} has no body`);
    }
    if (body !== null && body.length > this.#limits.maxRequestBytes) {
      throw new Refusal('size', `a request may have ${this.#limits.maxRequestBytes} bytes`);
    }
    const first: Sent = { url, method: verb, headers: requestHeaders(headers ?? []), body };
    const exchange = this.#begin();
    try {
      const work = this.#follow(first, exchange, follow ? this.#limits.maxRedirects : -1);
      return this.#answer(await exchange.during(work, signal, timeout), exchange);
    } catch (error) {
      exchange.close();
      throw error;
    }
  }

  #begin(): Exchange {
    if (this.open >= this.#limits.maxOpen) {
      throw new Refusal('busy', `${this.#limits.maxOpen} responses are open already`);
    }
    this.open++;
    return new Exchange(this.#limits.timeoutMs, () => this.open--);
  }

  #answer({ response, url }: Answered, exchange: Exchange): unknown {
    const { status, statusText } = response;
    const headers = responseHeaders(response.headers);
    const { maxResponseBytes } = this.#limits;
    const length = headers.find(([header]) => header === 'content-length')?.[1];
    if (response.body !== null && Number(length) > maxResponseBytes) {
      throw new Refusal(
        'size',
        `the response has ${Number(length)} bytes, ${maxResponseBytes} may be`,
      );
    }
    const source = response.body ?? new Response(new Uint8Array()).body;
    if (source === null) throw new Refusal('network', 'the response has no body');
    return [status, statusText, url, headers, new NetworkBody(source, exchange, maxResponseBytes)];
  }

  /** `left`: how many redirects may be followed; -1: the first one is the answer. */
  async #follow(sent: Sent, exchange: Exchange, left: number): Promise<Answered> {
    const response = await this.#send(sent, exchange);
    const location = response.headers.get('location');
    if (left < 0 || location === null || !REDIRECTS.has(response.status)) {
      return { response, url: response.redirected ? response.url : sent.url.href };
    }
    await response.body?.cancel();
    if (left === 0) throw new Refusal('redirect', 'it leads on and on');
    const method = methodAfter(response.status, sent.method);
    const url = this.#rules.check(method, absolute(location, sent.url));
    const isSame = method === sent.method;
    let headers = url.origin === sent.url.origin ? sent.headers : withoutSecrets(sent.headers);
    if (!isSame) headers = withoutBody(headers);
    return this.#follow(
      { url, method, headers, body: isSame ? sent.body : null },
      exchange,
      left - 1,
    );
  }

  async #send({ url, method, headers, body }: Sent, exchange: Exchange): Promise<Response> {
    // Not as our method: browsers' own wants to be nobody's.
    const fetch = this.#fetch;
    const response = await fetch(url.href, {
      ...{ method, body, signal: exchange.signal, headers: headers.map(([...pair]) => pair) },
      ...{ redirect: 'manual', credentials: 'omit', cache: 'no-store', mode: 'cors' },
      ...{ referrer: '', referrerPolicy: 'no-referrer' },
    });
    if (exchange.end !== undefined) {
      // A `fetch` that does not look at its signal.
      void response.body?.cancel().catch(() => undefined);
      throw exchange.end;
    }
    if (response.type === 'opaqueredirect') {
      throw new Refusal('redirect', 'it leads elsewhere, and browsers do not tell where');
    }
    // Something else than we has followed a redirect: a service worker, or another `fetch`.
    if (response.redirected) this.#rules.check(method, response.url);
    return response;
  }
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** As browsers have it. */
function methodAfter(status: number, method: string): string {
  if (status === 303 && method !== 'HEAD') return 'GET';
  return (status === 301 || status === 302) && method === 'POST' ? 'GET' : method;
}

function absolute(location: string, base: URL): string {
  try {
    return new URL(location, base).href;
  } catch {
    throw new Refusal('redirect', 'it leads to no URL');
  }
}

function limitsOf(given: Partial<Limits>): Limits {
  const limits = { ...DEFAULTS };
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(DEFAULTS, name)) throw new OptionError(`network: ${name} is unknown`);
    if (value === undefined) continue;
    const key = name as keyof Limits;
    const most = MOST[key] ?? Number.MAX_SAFE_INTEGER;
    const least = key === 'timeoutMs' || key === 'maxOpen' ? 1 : 0;
    if (!(Number.isSafeInteger(value) && value >= least && value <= most)) {
      throw new OptionError(`network: ${name} must be a whole number from ${least} to ${most}`);
    }
    limits[key] = value;
  }
  return limits;
}
