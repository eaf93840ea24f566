/**
 * How a method is called, as Python writes it: `(target: str, points: int = 1) -> int`. With `async` before it the
 * guest may await it. `*names: str` takes any number of arguments, as the last one.
 */
import { OptionError } from '../errors';
import { Refusal } from './refusal';
import { type HostValue, type KindTest, parseType, Tokens, type ValueType } from './value-type';

export interface Parameter {
  readonly name: string;
  readonly type: ValueType;
  /** As it is written: a literal. Without one an argument has to be given. */
  readonly fallback: string | undefined;
}

const KEYWORDS = new Set(
  `False None True and as assert async await break class continue def del elif else except finally for from global
   if import in is lambda nonlocal not or pass raise return try while with yield`.split(/\s+/),
);

/** What is no name in Python, or one that only Python's own machinery has. */
export function isPlainName(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_]*$/.test(name) && !KEYWORDS.has(name);
}

export class Signature {
  readonly isAsync: boolean;
  readonly parameters: readonly Parameter[];
  /** Takes whatever comes after the others. */
  readonly rest: Parameter | undefined;
  readonly returns: ValueType;
  /** The names of kinds in it. */
  readonly kinds: ReadonlySet<string>;

  private constructor(text: string, isOfKind: KindTest) {
    const tokens = new Tokens(text);
    this.isAsync = tokens.skip('async');
    const parameters: Parameter[] = [];
    let rest: Parameter | undefined;
    tokens.expect('(');
    while (!tokens.skip(')')) {
      if (parameters.length > 0) tokens.expect(',');
      if (rest !== undefined) throw new SyntaxError(`nothing may follow *${rest.name}`);
      if (tokens.skip('*')) rest = parseParameter(tokens, isOfKind);
      else parameters.push(parseParameter(tokens, isOfKind));
      if (rest !== undefined && tokens.peek !== ')') tokens.expect(')');
    }
    this.parameters = parameters;
    this.rest = rest;
    tokens.expect('->');
    this.returns = parseType(tokens, isOfKind);
    tokens.expect('');
    this.kinds = tokens.kinds;
    this.#check();
  }

  /** Throws `OptionError`. */
  static parse(text: string, isOfKind: KindTest): Signature {
    try {
      return new Signature(text, isOfKind);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new OptionError(`the signature ${JSON.stringify(text)}: ${error.message}`);
    }
  }

  /** As Python has it; `self` for a method of an object. */
  toString(first?: string): string {
    const parameters = this.parameters.map(({ name, type, fallback }) =>
      fallback === undefined ? `${name}: ${type.text}` : `${name}: ${type.text} = ${fallback}`,
    );
    if (first !== undefined) parameters.unshift(first);
    if (this.rest !== undefined) parameters.push(`*${this.rest.name}: ${this.rest.type.text}`);
    return `(${parameters.join(', ')}) -> ${this.returns.text}`;
  }

  /** The arguments as the host function gets them. Throws a `Refusal` with code `type`. */
  check(args: readonly unknown[]): HostValue[] {
    const { parameters, rest } = this;
    if (
      args.length < parameters.length ||
      (rest === undefined && args.length > parameters.length)
    ) {
      throw new Refusal('type', `${parameters.length} arguments are taken, ${args.length} given`);
    }
    return args.map((value, index) => {
      const parameter = parameters[index] ?? (rest as Parameter);
      const accepted = parameter.type.accept(value);
      if (accepted !== undefined) return accepted;
      throw new Refusal('type', `${parameter.name} must be ${parameter.type.text}`);
    });
  }

  #check(): void {
    const all = [...this.parameters, ...(this.rest === undefined ? [] : [this.rest])];
    const names = all.map(({ name }) => name);
    const bad = names.find((name) => !isPlainName(name) || name === 'self');
    if (bad !== undefined) throw new SyntaxError(`${bad} can't be a parameter`);
    if (new Set(names).size < names.length) throw new SyntaxError('two parameters have one name');
    const firstOptional = all.findIndex(({ fallback }) => fallback !== undefined);
    const isOutOfOrder =
      firstOptional >= 0 &&
      this.parameters.slice(firstOptional).some(({ fallback }) => fallback === undefined);
    if (isOutOfOrder) throw new SyntaxError('a parameter without default follows one with it');
  }
}

function parseParameter(tokens: Tokens, isOfKind: KindTest): Parameter {
  const name = tokens.name();
  tokens.expect(':');
  const type = parseType(tokens, isOfKind);
  return { name, type, fallback: tokens.skip('=') ? parseLiteral(tokens) : undefined };
}

function parseLiteral(tokens: Tokens): string {
  const token = tokens.take();
  if (/^(None|True|False|-?\d+(\.\d+)?|'.*')$/.test(token)) return token;
  throw new SyntaxError(`${token || 'nothing'} is no literal`);
}

/** What a default stands for. */
export function valueOfLiteral(literal: string): null | boolean | number | bigint | string {
  if (literal === 'None') return null;
  if (literal === 'True' || literal === 'False') return literal === 'True';
  if (literal.startsWith("'")) return literal.slice(1, -1).replaceAll(/\\(.)/g, '$1');
  const number = Number(literal);
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? BigInt(literal) : number;
}
