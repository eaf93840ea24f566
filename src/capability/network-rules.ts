/** The list of what a guest may reach, and whether a request is on it. Nothing else is let through. */
import { OptionError } from '../errors';
import { specialHost } from './network-address';
import { Refusal } from './refusal';

/** One entry of the list. What is not given is as strict as it can be. */
export interface NetworkRule {
  /**
   * `api.example.org`, or `*.example.org` for all names below that one, itself not included. An address (`[::1]`,
   * `127.0.0.1`) or a local name (`localhost`) has to be named itself: no `*.` leads to one.
   */
  readonly host: string;
  /** Default `https`. */
  readonly scheme?: 'https' | 'http';
  /** Default: the scheme's own, 443 or 80. */
  readonly port?: number;
  /** In capitals. Default: `GET` and `HEAD`. */
  readonly methods?: readonly string[];
  /** Beginnings of paths, whole segments: `/v1` is `/v1` and what is below it, not `/v10`. Default: all. */
  readonly paths?: readonly string[];
}

interface ParsedRule {
  readonly scheme: string;
  /** Without the star, with the dot, where `isWild`. */
  readonly host: string;
  readonly isWild: boolean;
  readonly port: number;
  readonly methods: ReadonlySet<string>;
  readonly paths: readonly string[] | undefined;
}

export const MAX_URL_CHARACTERS = 8192;

const DEFAULT_PORTS: Readonly<Record<string, number>> = { https: 443, http: 80 };

/** These change whom a connection leads to, or show what was sent: no fetch has them. */
const NEVER = new Set(['CONNECT', 'TRACE', 'TRACK']);

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

export class NetworkRules {
  readonly #rules: readonly ParsedRule[];

  /** Throws `OptionError`. */
  constructor(rules: readonly NetworkRule[]) {
    if (!Array.isArray(rules)) throw new OptionError('network: allow must be a list');
    this.#rules = rules.map((rule: NetworkRule, index) => parseRule(rule, `allow[${index}]`));
  }

  /** The URL as it is to be fetched. Throws a `Refusal` with code `forbidden` that says why. */
  check(method: string, text: string): URL {
    const url = parseUrl(text);
    const scheme = url.protocol.slice(0, -1);
    const special = specialHost(url.hostname);
    const port = url.port === '' ? DEFAULT_PORTS[scheme] : Number(url.port);
    let reason = `${url.hostname} is not on the list`;
    if (special !== undefined) reason += `: ${special}`;
    for (const rule of this.#rules) {
      if (!isHostOf(rule, url.hostname, special)) continue;
      if (rule.scheme !== scheme) reason = `${url.hostname} may not be reached by ${scheme}`;
      else if (rule.port !== port) reason = `port ${port} of ${url.hostname} is not on the list`;
      else if (!rule.methods.has(method)) reason = `${method} is not allowed for ${url.hostname}`;
      else if (!isPathOf(rule, url.pathname))
        reason = `the path is not allowed for ${url.hostname}`;
      else return url;
    }
    throw new Refusal('forbidden', reason);
  }
}

function parseUrl(text: string): URL {
  if (text.length > MAX_URL_CHARACTERS) throw new Refusal('forbidden', 'the URL is too long');
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new Refusal('forbidden', 'that is no absolute URL');
  }
  if (DEFAULT_PORTS[url.protocol.slice(0, -1)] === undefined) {
    throw new Refusal('forbidden', 'only https and http are there');
  }
  if (url.username !== '' || url.password !== '') {
    throw new Refusal('forbidden', 'a URL may not have a user or a password');
  }
  url.hash = '';
  return url;
}

function isHostOf({ host, isWild }: ParsedRule, hostname: string, special?: string): boolean {
  if (!isWild) return hostname === host;
  return special === undefined && hostname.endsWith(host) && hostname.length > host.length;
}

function isPathOf({ paths }: ParsedRule, path: string): boolean {
  if (paths === undefined) return true;
  // The parser has removed the dots that it knows. Servers know others, once they have decoded what is left.
  if (/%(2e|2f|5c|25|00)/i.test(path) || /\/\.+;/.test(path)) return false;
  return paths.some((prefix) => {
    if (!path.startsWith(prefix)) return false;
    return prefix.endsWith('/') || path.length === prefix.length || path[prefix.length] === '/';
  });
}

function parseRule(rule: NetworkRule, where: string): ParsedRule {
  const { host, scheme = 'https', port, methods = ['GET', 'HEAD'], paths, ...others } = rule;
  const fail = (problem: string): never => {
    throw new OptionError(`network: ${where}${problem}`);
  };
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) fail(`.${unknown} is unknown`);
  const standard = Object.hasOwn(DEFAULT_PORTS, scheme) ? DEFAULT_PORTS[scheme] : undefined;
  if (standard === undefined) return fail(".scheme must be 'https' or 'http'");
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536)) {
    fail('.port must be a number from 1 to 65535');
  }
  if (!Array.isArray(methods) || methods.length === 0) fail('.methods must be a list of methods');
  const bad = methods.find((name) => !isMethodName(name) || name !== name.toUpperCase());
  if (bad !== undefined) fail(`.methods: ${JSON.stringify(bad)} can't be allowed`);
  if (paths !== undefined && !isListOfPaths(paths)) {
    fail('.paths must be a list of beginnings of paths as a URL has them, each with a / at first');
  }
  const parsed =
    parseHost(host) ?? fail(`.host: ${JSON.stringify(host)} is no host as URLs have it`);
  return { ...parsed, scheme, port: port ?? standard, methods: new Set(methods), paths };
}

/** Whether a request can have it as its method at all. */
export function isMethodName(name: unknown): name is string {
  return typeof name === 'string' && TOKEN.test(name) && !NEVER.has(name.toUpperCase());
}

/** Whether it can be the name of a header. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

function isListOfPaths(paths: readonly string[]): boolean {
  if (!Array.isArray(paths)) return false;
  return paths.every((path: unknown) => {
    if (typeof path !== 'string' || !path.startsWith('/')) return false;
    return new URL(`https://host.example${path}`).pathname === path;
  });
}

function parseHost(host: unknown): Pick<ParsedRule, 'host' | 'isWild'> | undefined {
  if (typeof host !== 'string') return undefined;
  const isWild = host.startsWith('*.');
  const name = isWild ? host.slice(2) : host;
  // Nothing but a host: no port, path, user or query, and no dot at its end.
  if (name === '' || /[/\\?#@\s%*]/.test(name) || name.endsWith('.')) return undefined;
  if (!/^(\[.*\]|[^:]*)$/.test(name)) return undefined;
  let hostname: string;
  try {
    hostname = new URL(`https://${name}/`).hostname;
  } catch {
    return undefined;
  }
  if (!isWild) return { host: hostname, isWild };
  // All names of a country are nobody's to allow, and nothing is below a local name or an address.
  if (specialHost(hostname) !== undefined || !/^[^[].*[a-z][^.]*$/.test(hostname)) return undefined;
  return { host: `.${hostname}`, isWild };
}
