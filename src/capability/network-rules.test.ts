import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refusalOf } from '../testing/capability-use';
import { type NetworkRule, NetworkRules } from './network-rules';

const RULES: readonly NetworkRule[] = [
  { host: 'api.example.org' },
  { host: '*.wild.example.org', methods: ['GET', 'POST'] },
  { host: 'port.example.org', scheme: 'http', port: 8080 },
  { host: 'paths.example.org', paths: ['/v1', '/open/'] },
  { host: 'Bücher.example.org' },
  { host: 'localhost', scheme: 'http', port: 5000 },
  { host: '127.0.0.1', scheme: 'http' },
  { host: '[::1]', scheme: 'http' },
];

const rules = new NetworkRules(RULES);

describe('the list', () => {
  test.for([
    ['GET', 'https://api.example.org/'],
    ['HEAD', 'https://api.example.org/a?b#c'],
    ['GET', 'https://api.example.org:443/'],
    ['GET', 'HTTPS://API.EXAMPLE.ORG/'],
    ['GET', 'https:api.example.org'],
    ['GET', 'https:\\\\api.example.org\\x'],
    ['GET', ' https://api.example.org/ '],
    ['GET', 'https://a%70i.example.org/'],
    ['POST', 'https://a.wild.example.org/'],
    ['GET', 'https://a.b.wild.example.org/'],
    ['GET', 'http://port.example.org:8080/'],
    ['GET', 'https://paths.example.org/v1'],
    ['GET', 'https://paths.example.org/v1/x/../y'],
    ['GET', 'https://paths.example.org/v1?x=/../..'],
    ['GET', 'https://paths.example.org/other/../v1/x'],
    ['GET', 'https://paths.example.org/open/'],
    ['GET', 'https://paths.example.org/open/x'],
    ['GET', 'https://xn--bcher-kva.example.org/'],
    ['GET', 'https://BÜCHER.example.org/'],
    ['GET', 'http://localhost:5000/'],
    ['GET', 'http://127.0.0.1/'],
    ['GET', 'http://0x7f.1/'],
    ['GET', 'http://[0:0::1]/'],
  ] as const)('allows %s %s', ([method, url]) => {
    expect(rules.check(method, url)).toBeInstanceOf(URL);
  });

  test.for([
    ['GET', 'https://example.org/', 'example.org is not on the list'],
    ['GET', 'https://evil.org/', 'not on the list'],
    ['GET', 'https://api.example.org.evil.org/', 'not on the list'],
    ['GET', 'https://evil-api.example.org/', 'not on the list'],
    ['GET', 'https://api.example.org./', 'a dot at its end'],
    ['GET', 'https://evil.org/api.example.org', 'not on the list'],
    ['GET', 'https://evil.org#api.example.org', 'not on the list'],
    ['GET', 'https://evil.org\\@api.example.org/', 'not on the list'],
    ['GET', 'https://api.example.org@evil.org/', 'a user'],
    ['GET', 'https://user@api.example.org/', 'a user'],
    ['GET', 'https://user:pass@api.example.org/', 'a user'],
    ['GET', 'https://:pass@api.example.org/', 'a user'],
    ['GET', 'http://api.example.org/', 'by http'],
    ['GET', 'https://api.example.org:8443/', 'port 8443'],
    ['GET', 'https://api.example.org:80/', 'port 80'],
    ['POST', 'https://api.example.org/', 'POST is not allowed'],
    ['DELETE', 'https://a.wild.example.org/', 'DELETE is not allowed'],
    ['GET', 'https://wild.example.org/', 'not on the list'],
    ['GET', 'https://.wild.example.org/', 'not on the list'],
    ['GET', 'https://evilwild.example.org/', 'not on the list'],
    ['GET', 'https://a.wild.example.org./', 'a dot at its end'],
    ['GET', 'http://port.example.org/', 'port 80'],
    ['GET', 'https://port.example.org:8080/', 'by https'],
    ['GET', 'https://paths.example.org/', 'the path'],
    ['GET', 'https://paths.example.org/v10', 'the path'],
    ['GET', 'https://paths.example.org/V1', 'the path'],
    ['GET', 'https://paths.example.org/open', 'the path'],
    ['GET', 'https://paths.example.org/v1/../admin', 'the path'],
    ['GET', 'https://paths.example.org/v1/%2e%2e/admin', 'the path'],
    ['GET', 'https://paths.example.org/v1/.%2E/admin', 'the path'],
    ['GET', 'https://paths.example.org/v1\\..\\admin', 'the path'],
    ['GET', 'https://paths.example.org/v1/..%2fadmin', 'the path'],
    ['GET', 'https://paths.example.org/v1/..%5cadmin', 'the path'],
    ['GET', 'https://paths.example.org/v1/%252e%252e/admin', 'the path'],
    ['GET', 'https://paths.example.org/v1/..;/admin', 'the path'],
    ['GET', 'https://paths.example.org//v1', 'the path'],
    ['GET', 'http://localhost/', 'port 80'],
    ['GET', 'http://localhost.:5000/', 'a dot at its end'],
    ['GET', 'http://127.0.0.2/', 'a loopback address'],
    ['GET', 'http://[::ffff:127.0.0.1]/', 'a loopback address'],
    ['GET', 'http://169.254.169.254/latest/meta-data/', 'a link-local address'],
    ['GET', 'http://10.0.0.1/', 'a private address'],
    ['GET', 'https://8.8.8.8/', 'not on the list'],
    ['GET', 'file:///etc/passwd', 'only https and http'],
    ['GET', 'ftp://api.example.org/', 'only https and http'],
    ['GET', 'ws://api.example.org/', 'only https and http'],
    ['GET', 'data:text/plain,x', 'only https and http'],
    ['GET', 'blob:https://api.example.org/1', 'only https and http'],
    ['GET', 'javascript:alert(1)', 'only https and http'],
    ['GET', 'about:blank', 'only https and http'],
    ['GET', '/relative', 'no absolute URL'],
    ['GET', '//api.example.org/', 'no absolute URL'],
    ['GET', '', 'no absolute URL'],
    ['GET', 'https://', 'no absolute URL'],
    ['GET', 'https://api.example.org:99999/', 'no absolute URL'],
    ['GET', 'https://api.exam ple.org/', 'no absolute URL'],
    ['GET', `https://api.example.org/${'a'.repeat(8192)}`, 'too long'],
  ] as const)('refuses %s %s', ([method, url, reason]) => {
    const refusal = refusalOf(() => rules.check(method, url));
    expect(refusal).toMatch(/^forbidden: /);
    expect(refusal).toContain(reason);
  });

  test('that is empty allows nothing', () => {
    const none = new NetworkRules([]);
    expect(refusalOf(() => none.check('GET', 'https://example.org/'))).toContain('not on the list');
  });

  test.for([
    [{ host: '' }, 'no host'],
    [{ host: '*' }, 'no host'],
    [{ host: '*.org' }, 'no host'],
    [{ host: '*.localhost' }, 'no host'],
    [{ host: '*.corp.internal' }, 'no host'],
    [{ host: '*.0.0.1' }, 'no host'],
    [{ host: '*.8.8.8.8' }, 'no host'],
    [{ host: '*.[2606:4700::abcd]' }, 'no host'],
    [{ host: 'a.*.example.org' }, 'no host'],
    [{ host: 'example.org.' }, 'no host'],
    [{ host: 'example.org:443' }, 'no host'],
    [{ host: 'https://example.org' }, 'no host'],
    [{ host: 'example.org/path' }, 'no host'],
    [{ host: 'user@example.org' }, 'no host'],
    [{ host: 'exa mple.org' }, 'no host'],
    [{ host: 7 }, 'no host'],
    [{ host: 'example.org', scheme: 'ftp' }, 'scheme'],
    [{ host: 'example.org', scheme: 'toString' }, 'scheme'],
    [{ host: 'example.org', port: 0 }, 'port'],
    [{ host: 'example.org', port: 65536 }, 'port'],
    [{ host: 'example.org', port: '443' }, 'port'],
    [{ host: 'example.org', methods: [] }, 'methods'],
    [{ host: 'example.org', methods: 'GET' }, 'methods'],
    [{ host: 'example.org', methods: ['get'] }, 'methods'],
    [{ host: 'example.org', methods: ['CONNECT'] }, 'methods'],
    [{ host: 'example.org', methods: ['A B'] }, 'methods'],
    [{ host: 'example.org', paths: '/v1' }, 'paths'],
    [{ host: 'example.org', paths: ['v1'] }, 'paths'],
    [{ host: 'example.org', paths: ['/a/../b'] }, 'paths'],
    [{ host: 'example.org', paths: ['/a?b'] }, 'paths'],
    [{ host: 'example.org', path: ['/v1'] }, 'path is unknown'],
  ] as const)('may not have %j', ([rule, problem]) => {
    expect(() => new NetworkRules([rule as unknown as NetworkRule])).toThrow(problem);
  });
});

describe('whatever a guest writes', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...[
        'https://',
        'http://',
        'https:',
        '//',
        '/',
        '\\',
        '@',
        ':',
        '#',
        '?',
        '.',
        '%',
        '..',
        ' ',
      ],
      ...['api.example.org', 'wild.example.org', 'a.wild.example.org', 'evil.org', 'example.org'],
      ...['paths.example.org', '/v1', '/open/', '%2e', '%2f', '%00', '\t', '\n', '。', '‮', 'ß'],
      ...['localhost', '127.0.0.1', '0x7f.1', '[::1]', '[::ffff:7f00:1]', ':443', ':8080', ':80'],
      ...['10.0.0.1', '169.254.169.254', 'user:pass@', 'xn--', '\u00ad', '\ufeff'],
    ),
    fc.string({ maxLength: 3 }),
  );
  const url = fc
    .tuple(fc.constantFrom('https://', 'http://', 'https:', ''), fc.array(piece, { maxLength: 8 }))
    .map(([scheme, pieces]) => scheme + pieces.join(''));
  const names = RULES.map(({ host }) => (host.startsWith('*.') ? host.slice(1) : host));

  test('no URL is let through whose host is not on the list', () => {
    let allowed = 0;
    fc.assert(
      fc.property(url, fc.constantFrom('GET', 'POST'), (text, method) => {
        let checked: URL;
        try {
          checked = rules.check(method, text);
        } catch {
          return;
        }
        allowed++;
        // As fetch reads it once more.
        const { hostname, username, password, protocol, pathname } = new URL(checked.href);
        const onList = names.some((name) =>
          name.startsWith('.')
            ? hostname.endsWith(name) && hostname !== name
            : hostname === name ||
              (name.startsWith('B') && hostname === 'xn--bcher-kva.example.org'),
        );
        expect([text, onList]).toEqual([text, true]);
        expect(username + password).toBe('');
        expect(['https:', 'http:']).toContain(protocol);
        if (hostname === 'paths.example.org') expect(pathname).toMatch(/^\/(v1(\/|$)|open\/)/);
      }),
      { numRuns: 20_000 },
    );
    expect(allowed).toBeGreaterThan(100);
  });
});
