import { describe, expect, test, vi } from 'vitest';
import { use } from '../testing/capability-use';
import { HandleTable } from './handle-table';
import { type Network, type NetworkOptions, network } from './network';
import type { NetworkBody } from './network-body';
import { Refusal } from './refusal';

type Answer = (url: string, init: RequestInit) => Response | Promise<Response>;
type Given = [number, string, string, [string, string][], NetworkBody];

interface Seen {
  readonly url: string;
  readonly init: RequestInit;
}

function networkOf(answer: Answer, options: Partial<NetworkOptions> = {}) {
  const seen: Seen[] = [];
  const net = network({
    allow: [
      { host: 'a.example.org', methods: ['GET', 'HEAD', 'POST', 'PUT'] },
      { host: 'b.example.org', methods: ['GET', 'POST'] },
    ],
    fetch: async (url, init) => {
      seen.push({ url, init });
      return answer(url, init);
    },
    ...options,
  });
  return { net, seen };
}

interface RequestGiven {
  readonly method?: string;
  readonly headers?: readonly [string, string][];
  readonly body?: Uint8Array;
  readonly follow?: boolean;
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

async function request(net: Network, url: string, given: RequestGiven = {}): Promise<Given> {
  const { method = 'GET', headers = null, body = null, follow = true, timeout = null } = given;
  const { signal = new AbortController().signal } = given;
  const args = [url, method, headers, body, follow, timeout];
  return (await use(net.capability.request, args, { signal })) as Given;
}

function read(
  body: NetworkBody,
  size = 65536,
  seconds: number | null = null,
  signal?: AbortSignal,
) {
  return body.read(size, seconds, signal ?? new AbortController().signal);
}

async function readAll(body: NetworkBody): Promise<string> {
  let text = '';
  for (;;) {
    const piece = await read(body);
    if (piece.length === 0) return text;
    text += new TextDecoder().decode(piece);
  }
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => 'nothing was refused',
    (reason: unknown) => reason,
  );
  return error instanceof Refusal ? `${error.code}: ${error.message}` : String(error);
}

/** Goes on for ever, and knows when it is cancelled. */
function endless(piece: Uint8Array = new Uint8Array(65536)) {
  const cancelled = vi.fn();
  const body = new ReadableStream({
    // A turn of the event loop for each, as from a network.
    pull: async (controller) => {
      await new Promise((resolve) => setTimeout(resolve));
      controller.enqueue(piece);
    },
    cancel: cancelled,
  });
  return { body, cancelled };
}

const redirect = (status: number, location: string) =>
  new Response('elsewhere', { status, headers: { location } });

const A = 'https://a.example.org/';
const B = 'https://b.example.org/';

describe('a request', () => {
  test('gives status, headers and body', async () => {
    const { net } = networkOf(
      () => new Response('hello', { status: 201, statusText: 'Made', headers: { 'X-Y': 'z' } }),
    );
    const [status, reason, url, headers, body] = await request(net, A);
    expect([status, reason, url]).toEqual([201, 'Made', A]);
    expect(headers).toContainEqual(['x-y', 'z']);
    expect(net.open).toBe(1);
    expect(await readAll(body)).toBe('hello');
    expect(net.open).toBe(0);
    expect(await readAll(body)).toBe('');
  });

  test('carries nothing of the page', async () => {
    const { net, seen } = networkOf(() => new Response(''));
    await request(net, `${A}x#fragment`, { method: 'post', body: new Uint8Array([1]) });
    expect(seen[0]?.url).toBe(`${A}x`);
    expect(seen[0]?.init).toMatchObject({
      ...{ method: 'POST', redirect: 'manual', credentials: 'omit', cache: 'no-store' },
      ...{ referrer: '', referrerPolicy: 'no-referrer', body: new Uint8Array([1]) },
    });
  });

  test.for([
    ['https://c.example.org/', 'c.example.org is not on the list'],
    ['http://a.example.org/', 'by http'],
    ['https://127.0.0.1/', 'a loopback address'],
    ['nonsense', 'no absolute URL'],
  ] as const)('to %s is refused, and nothing is fetched', async ([url, reason]) => {
    const { net, seen } = networkOf(() => new Response(''));
    expect(await refusal(request(net, url))).toContain(reason);
    expect(seen).toEqual([]);
    expect(net.open).toBe(0);
  });

  test.for(['CONNECT', 'trace', 'TRACK', '', 'A B', 'GET\r\nX'])(
    'with the method %j is refused',
    async (method) => {
      const { net, seen } = networkOf(() => new Response(''));
      expect(await refusal(request(net, A, { method }))).toMatch(/^forbidden: /);
      expect(seen).toEqual([]);
    },
  );

  test('may have a body of so many bytes and no more', async () => {
    const { net, seen } = networkOf(() => new Response(''), { maxRequestBytes: 10 });
    await request(net, A, { method: 'POST', body: new Uint8Array(10) });
    const larger = request(net, A, { method: 'POST', body: new Uint8Array(11) });
    expect(await refusal(larger)).toBe('size: a request may have 10 bytes');
    expect(await refusal(request(net, A, { body: new Uint8Array(1) }))).toBe(
      'type: GET has no body',
    );
    expect(seen).toHaveLength(1);
  });

  test('is sent by a fetch that is nobody’s method', async () => {
    const net = network({
      allow: [{ host: 'a.example.org' }],
      async fetch(this: unknown) {
        if (this !== undefined) throw new TypeError('Illegal invocation');
        return new Response('x');
      },
    });
    expect((await request(net, A))[0]).toBe(200);
  });

  test('that fails says nothing of how', async () => {
    const { net } = networkOf(() => {
      throw new TypeError('connect ECONNREFUSED 10.1.2.3:443');
    });
    expect(await refusal(request(net, A))).toBe('network: the connection failed');
    expect(net.open).toBe(0);
  });
});

describe('headers of a request', () => {
  test.for([
    ...['Cookie', 'cookie2', 'Origin', 'Referer', 'Sec-Fetch-Site', 'SEC-X', 'Proxy-Authorization'],
    ...['Access-Control-Request-Method', 'Date', 'DNT', 'Via', 'Set-Cookie', 'X-Forwarded-For'],
    ...['X-HTTP-Method-Override', 'x-http-method', 'X-Method-Override', 'Forwarded', 'X-Real-IP'],
  ])('may not have %s', async (name) => {
    const { net, seen } = networkOf(() => new Response(''));
    const refused = await refusal(request(net, A, { headers: [[name, 'x']] }));
    expect(refused).toBe(`forbidden: the header ${name.toLowerCase()} may not be set`);
    expect(seen).toEqual([]);
  });

  test.for([
    ['a b', 'x'],
    ['', 'x'],
    ['a:', 'x'],
    ['a\r\nCookie', 'x'],
    ['é', 'x'],
    ['a', 'x\r\nCookie: y'],
    ['a', 'x\n'],
    ['a', 'x\0'],
    ['a', 'x\x1f'],
    ['a', '€'],
  ] as const)('may not have %j: %j', async ([name, value]) => {
    const { net, seen } = networkOf(() => new Response(''));
    expect(await refusal(request(net, A, { headers: [[name, value]] }))).toMatch(/^type: /);
    expect(seen).toEqual([]);
  });

  test('that are of the transport go no further', async () => {
    const { net, seen } = networkOf(() => new Response(''));
    const dropped = ['Host', 'Connection', 'Content-Length', 'Transfer-Encoding', 'TE', 'Upgrade'];
    const headers = [...dropped, 'Keep-Alive', 'Expect', 'Accept-Encoding', 'X-Mine'];
    await request(net, A, { headers: headers.map((name) => [name, 'x']) });
    expect(seen[0]?.init.headers).toEqual([['x-mine', 'x']]);
  });

  test('are not without end', async () => {
    const { net } = networkOf(() => new Response(''));
    const many = Array.from({ length: 101 }, (): [string, string] => ['a', '']);
    expect(await refusal(request(net, A, { headers: many }))).toMatch(/^size: /);
    const long = request(net, A, { headers: [['a', 'x'.repeat(20_000)]] });
    expect(await refusal(long)).toMatch(/^size: /);
  });
});

test('headers of a response tell neither cookies nor what was decoded', async () => {
  const { net } = networkOf(
    () =>
      new Response('x', {
        headers: { 'content-encoding': 'gzip', 'content-length': '7', connection: 'close', a: 'b' },
      }),
  );
  const [, , , headers] = await request(net, A);
  expect(headers.map(([name]) => name).sort()).toEqual(['a', 'content-type']);
});

describe('a redirect', () => {
  test('is followed where the list allows it', async () => {
    const { net, seen } = networkOf((url) =>
      url === `${A}1`
        ? redirect(302, '/2')
        : url === `${A}2`
          ? redirect(307, B)
          : new Response('b'),
    );
    const [, , , , body] = await request(net, `${A}1`);
    expect(await readAll(body)).toBe('b');
    expect(seen.map(({ url }) => url)).toEqual([`${A}1`, `${A}2`, B]);
    expect(net.open).toBe(0);
  });

  test.for([
    'https://c.example.org/',
    'http://a.example.org/',
    'http://127.0.0.1/',
    'file:///etc/passwd',
    'https://user:pass@b.example.org/',
    '//evil.org/',
  ])('to %s is refused, and not fetched', async (location) => {
    const { net, seen } = networkOf(() => redirect(302, location));
    expect(await refusal(request(net, A))).toMatch(/^forbidden: /);
    expect(seen).toHaveLength(1);
    expect(net.open).toBe(0);
  });

  test('is followed so often and no more', async () => {
    const { net, seen } = networkOf(() => redirect(302, A), { maxRedirects: 3 });
    expect(await refusal(request(net, A))).toBe('redirect: it leads on and on');
    expect(seen).toHaveLength(4);
  });

  test('is the answer where nobody wants to follow it', async () => {
    const { net, seen } = networkOf(() => redirect(302, 'http://127.0.0.1/'));
    const [status, , , headers] = await request(net, A, { follow: false });
    expect(status).toBe(302);
    expect(headers).toContainEqual(['location', 'http://127.0.0.1/']);
    expect(seen).toHaveLength(1);
  });

  test.for([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [307, 'POST', 'POST'],
    [308, 'PUT', 'PUT'],
    [301, 'PUT', 'PUT'],
  ] as const)('%i after %s is a %s', async ([status, method, next]) => {
    const { net, seen } = networkOf((url) =>
      url === A ? redirect(status, '/next') : new Response(''),
    );
    const body = method === 'HEAD' ? {} : { body: new Uint8Array(3) };
    await request(net, A, { method, headers: [['Content-Type', 'a/b']], ...body });
    expect(seen[1]?.init.method).toBe(next);
    const isSame = method === next && method !== 'HEAD';
    expect(seen[1]?.init.body?.toString()).toBe(isSame ? '0,0,0' : undefined);
    expect(seen[1]?.init.headers).toEqual(method === next ? [['content-type', 'a/b']] : []);
  });

  test('to another origin takes no authorization along', async () => {
    const { net, seen } = networkOf((url) =>
      url === A ? redirect(302, '/2') : url === B ? new Response('') : redirect(302, B),
    );
    await request(net, A, { headers: [['Authorization', 'secret']] });
    expect(seen.map(({ init }) => (init.headers as unknown[]).length)).toEqual([1, 1, 0]);
  });

  test('that a browser hides is refused', async () => {
    const hidden = { type: 'opaqueredirect', status: 0, headers: new Headers(), body: null };
    const { net } = networkOf(() => hidden as unknown as Response);
    expect(await refusal(request(net, A))).toMatch(/^redirect: /);
    expect(await refusal(request(net, A, { follow: false }))).toMatch(/^redirect: /);
  });

  test('that something else has followed is checked', async () => {
    const followed = (url: string) =>
      Object.defineProperties(new Response(''), {
        redirected: { value: true },
        url: { value: url },
      });
    const { net } = networkOf((url) => followed(url === A ? 'https://evil.org/' : B));
    expect(await refusal(request(net, A))).toMatch(/^forbidden: evil.org/);
    expect((await request(net, B))[0]).toBe(200);
  });
});

describe('a body', () => {
  test('comes in pieces of the size that is asked for', async () => {
    const { net } = networkOf(() => new Response('hello world'));
    const [, , , , body] = await request(net, A);
    const text = async (size: number) => new TextDecoder().decode(await read(body, size));
    expect([await text(5), await text(-1), await text(100), await text(9)]).toEqual([
      ...['hello', ' ', 'world', ''],
    ]);
  });

  test('comes in pieces that fit in a message', async () => {
    const { net } = networkOf(() => new Response(new Uint8Array(3 << 20)));
    const [, , , , body] = await request(net, A);
    const sizes = [];
    for (;;) {
      const { length } = await read(body, 1 << 30);
      if (length === 0) break;
      sizes.push(length);
    }
    expect(Math.max(...sizes)).toBeLessThan(1 << 20);
    expect(sizes.reduce((a, b) => a + b)).toBe(3 << 20);
  });

  test('that is too large is refused while it arrives', async () => {
    const { body: source, cancelled } = endless();
    const { net } = networkOf(() => new Response(source), { maxResponseBytes: 200_000 });
    const [, , , , body] = await request(net, A);
    expect(await refusal(readAll(body))).toBe('size: the response is larger than it may be');
    expect(await refusal(read(body))).toMatch(/^size: /);
    expect(cancelled).toHaveBeenCalledOnce();
    expect(net.open).toBe(0);
  });

  test('that says it is too large is refused at once', async () => {
    const { net } = networkOf(() => new Response('x', { headers: { 'content-length': '101' } }), {
      maxResponseBytes: 100,
    });
    expect(await refusal(request(net, A))).toBe('size: the response has 101 bytes, 100 may be');
    expect(net.open).toBe(0);
  });

  test('may be exactly as large as it may', async () => {
    const { net } = networkOf(() => new Response('x'.repeat(100)), { maxResponseBytes: 100 });
    expect(await readAll((await request(net, A))[4])).toHaveLength(100);
  });

  test('that breaks off is an error, and stays one', async () => {
    const source = new ReadableStream({
      pull: (controller) => controller.error(new Error('socket of 10.1.2.3 hung up')),
    });
    const { net } = networkOf(() => new Response(source));
    const [, , , , body] = await request(net, A);
    expect(await refusal(read(body))).toBe('network: the connection failed');
    expect(await refusal(read(body))).toBe('network: the connection failed');
    expect(net.open).toBe(0);
  });

  test('is not lost by a reader that was stopped', async () => {
    let give: (text: string) => void = () => undefined;
    const source = new ReadableStream({
      start: (controller) => {
        give = (text) => controller.enqueue(new TextEncoder().encode(text));
      },
    });
    const { net } = networkOf(() => new Response(source));
    const [, , , , body] = await request(net, A);
    const stop = new AbortController();
    const stopped = refusal(read(body, 10, null, stop.signal));
    expect(await refusal(read(body))).toBe('busy: the response is being read already');
    stop.abort();
    expect(await stopped).toMatch(/^network: /);
    expect(await refusal(read(body, 10, 0.01))).toBe('timeout: nothing came for 0.01 seconds');
    give('late');
    expect(new TextDecoder().decode(await read(body))).toBe('late');
    body.close();
    expect(await refusal(read(body))).toBe('network: the response is closed');
    expect(net.open).toBe(0);
  });
});

describe('time', () => {
  const hang: Answer = (_, { signal }) =>
    new Promise((_resolve, reject) =>
      signal?.addEventListener('abort', () => reject(new Error('aborted'))),
    );

  test('is up for a server that does not answer', async () => {
    const { net } = networkOf(hang, { timeoutMs: 20 });
    expect(await refusal(request(net, A))).toBe('timeout: it took too long');
    expect(net.open).toBe(0);
  });

  test('is up where the guest says so', async () => {
    const { net, seen } = networkOf(hang);
    expect(await refusal(request(net, A, { timeout: 0.02 }))).toMatch(/^timeout: /);
    expect(seen[0]?.init.signal?.aborted).toBe(true);
    expect(net.open).toBe(0);
  });

  test('is up for a body that never ends, read or not', async () => {
    const { body: source, cancelled } = endless(new Uint8Array(1));
    const { net } = networkOf(() => new Response(source), { timeoutMs: 30 });
    const [, , , , body] = await request(net, A);
    expect(await refusal(readAll(body))).toBe('timeout: it took too long');
    expect(cancelled).toHaveBeenCalledOnce();
    await request(networkOf(() => new Response(endless().body), { timeoutMs: 30 }).net, A);
    expect(net.open).toBe(0);
  });

  test('is up for whoever waits no more', async () => {
    const { net, seen } = networkOf(hang);
    const stop = new AbortController();
    const stopped = refusal(request(net, A, { signal: stop.signal }));
    setTimeout(() => stop.abort(), 10);
    expect(await stopped).toMatch(/^network: /);
    expect(seen[0]?.init.signal?.aborted).toBe(true);
    expect(net.open).toBe(0);
  });

  test('is up for a fetch that does not look at its signal', async () => {
    const { body, cancelled } = endless();
    let answer: (response: Response) => void = () => undefined;
    const { net } = networkOf(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
      { timeoutMs: 10 },
    );
    expect(await refusal(request(net, A))).toMatch(/^timeout: /);
    answer(new Response(body));
    await vi.waitFor(() => expect(cancelled).toHaveBeenCalledOnce());
  });
});

describe('open responses', () => {
  test('are so many and no more', async () => {
    const { net } = networkOf(() => new Response('x'), { maxOpen: 2 });
    const [, , , , first] = await request(net, A);
    await request(net, A);
    expect(await refusal(request(net, A))).toBe('busy: 2 responses are open already');
    await readAll(first);
    await request(net, A);
    expect(net.open).toBe(2);
  });

  test('are closed when the guest lets go of them, and when it ends', async () => {
    const sources = [endless(), endless()];
    let next = 0;
    const { net } = networkOf(() => new Response(sources[next++]?.body));
    let seed = 0;
    const handles = new HandleTable(
      net.kinds,
      (bytes) => bytes.fill(++seed),
      () => {
        throw new Error('nothing should fail');
      },
    );
    const ids = [];
    for (const _ of sources) {
      const [, , , , body] = await request(net, A);
      net.kinds[0]?.adopt(body);
      ids.push(handles.handleOf(body)?.id ?? 0n);
    }
    const dropped = new DataView(new ArrayBuffer(12));
    dropped.setBigUint64(0, ids[0] ?? 0n, true);
    dropped.setUint32(8, 1, true);
    handles.release(new Uint8Array(dropped.buffer));
    expect(net.open).toBe(1);
    handles.clear();
    expect(net.open).toBe(0);
    for (const { cancelled } of sources) expect(cancelled).toHaveBeenCalledOnce();
  });
});

test.for([
  [{ maxOpen: 0 }, 'maxOpen'],
  [{ timeoutMs: 0.5 }, 'timeoutMs'],
  [{ maxRedirects: -1 }, 'maxRedirects'],
  [{ maxResponseBytes: Number.NaN }, 'maxResponseBytes'],
  [{ maxRequestBytes: 1 << 20 }, 'maxRequestBytes'],
  [{ timeout: 5 }, 'timeout is unknown'],
  [{ allow: undefined }, 'allow must be a list'],
] as const)('%j is no option', ([options, problem]) => {
  const all = { allow: [], ...options } as unknown as NetworkOptions;
  expect(() => network(all)).toThrow(problem);
});
