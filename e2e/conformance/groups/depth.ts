/** However deep a program recurses, through whatever: the guest lives on. */
import { claim, claimEqual, claimMatches } from '../claims';
import type { Workshop } from '../python';
import type { Group } from '../suite';

const head = `
import sys
sys.setrecursionlimit(10**9)
def nested(levels, wrap=lambda inner: [inner]):
    inner = None
    for _ in range(levels): inner = wrap(inner)
    return inner
`;

/** Each ends in one of these: there is no stack, no memory, or no patience for so deep a text. */
const expected = ['RecursionError', 'MemoryError', 'SyntaxError', 'IndentationError'];

function ends(source: string): (workshop: Workshop) => Promise<void> {
  return async (workshop) => {
    const python = await workshop.shared();
    const outcome = await python.run(`${head}\n${source}`);
    claim(outcome.alive, `the guest is dead: ${JSON.stringify(outcome)}`);
    claim('error' in outcome, `it ended as ${outcome.status}`);
    const { type, traceback } = outcome.error ?? { type: '', traceback: '' };
    claim(expected.includes(type), `${type}: ${traceback.slice(-500)}`);
    claimEqual(await python.sandbox.evaluate('6 * 7'), 42);
  };
}

/** Where nothing need go wrong; but if it does, then by an exception. */
function survives(source: string): (workshop: Workshop) => Promise<void> {
  return async (workshop) => {
    const python = await workshop.shared();
    const outcome = await python.run(`${head}\n${source}`);
    claim(outcome.alive, `the guest is dead: ${JSON.stringify(outcome)}`);
    claimEqual(await python.sandbox.evaluate('6 * 7'), 42);
  };
}

export const depth: Group = {
  'Python functions call each other 50,000 deep': async (workshop) => {
    const python = await workshop.shared();
    const outcome = await python.run(
      `${head}\ndef f(n): return n and 1 + f(n - 1)\nprint(f(50_000))`,
    );
    claimMatches(outcome, { status: 'ok', alive: true });
  },
  'a function calls itself without end': ends('def f(n): return f(n + 1)\nf(0)'),
  'repr of a nested list': ends('repr(nested(10**5))'),
  'repr of a nested dict': ends('repr(nested(10**5, lambda inner: {1: inner}))'),
  '__repr__ in Python': ends('class R:\n  def __repr__(self): return repr(R())\nrepr(R())'),
  'json.dumps': ends('import json\njson.dumps(nested(10**5))'),
  'json.loads': ends('import json\njson.loads("[" * 10**5 + "]" * 10**5)'),
  'pickle.dumps': ends('import pickle\npickle.dumps(nested(10**5))'),
  'pickle in Python': survives('import pickle\npickle._dumps(nested(10**5))'),
  'copy.deepcopy': survives('import copy\ncopy.deepcopy(nested(10**5))'),
  'comparing nested lists': ends('nested(10**5) == nested(10**5)'),
  '__eq__ in Python': ends('class E:\n  def __eq__(self, other): return E() == E()\nE() == 1'),
  __getattr__: ends('class A:\n  def __getattr__(self, name): return A().x\nA().x'),
  '__getattribute__ through getattr': ends(
    'class A:\n  def __getattribute__(self, name): return getattr(A(), name)\nA().x',
  ),
  '__add__ through operators': ends('class A:\n  def __add__(self, n): return A() + n\nA() + 1'),
  __hash__: ends('class H:\n  def __hash__(self): return hash((H(),))\nhash(H())'),
  '__call__ of a class whose metaclass calls it': ends(
    'class M(type):\n  def __call__(cls): return cls()\nclass C(metaclass=M): pass\nC()',
  ),
  'sorted with a key that sorts': ends('def key(n): return sorted([n], key=key)\nkey(0)'),
  'map and list of each other': ends('def f(n): return list(map(f, [n]))\nf(0)'),
  'functools.reduce': ends(
    'from functools import reduce\ndef f(a, b): return reduce(f, [a, b])\nf(1, 2)',
  ),
  're.sub with a function': ends(
    'import re\ndef f(found): return re.sub("a", f, "a")\nre.sub("a", f, "a")',
  ),
  'a chain of generators': ends('def g(n): yield from g(n + 1)\nnext(g(0))'),
  'a chain of iterators': ends('it = iter([])\nfor _ in range(10**5): it = map(abs, it)\nlist(it)'),
  'isinstance of nested tuples': ends('isinstance(1, nested(10**5, lambda inner: (inner,)))'),
  'str.format of nested fields': ends(
    'class F:\n  def __format__(self, spec): return f"{F()}"\nf"{F()}"',
  ),
  'exec of exec': ends('source = "exec(source)"\nexec(source)'),
  'import hooks that import': ends(
    'class H:\n  def find_spec(self, name, path, target=None): __import__(name + "x")\n' +
      'sys.meta_path.insert(0, H())\ntry: import nowhere\nfinally: sys.meta_path.pop(0)',
  ),
  'marshal.dumps': survives('import marshal\nmarshal.dumps(nested(10**5))'),
  'compile of nested parentheses': ends('compile("(" * 10**4 + ")" * 10**4, "x", "eval")'),
  'compile of signs': ends('compile("-" * 10**5 + "1", "x", "eval")'),
  'compile of attributes': ends('compile("a" + ".b" * 10**5, "x", "eval")'),
  'compile of sums': ends('compile("1" + "+a" * 10**5, "x", "eval")'),
  'compile of nested lambdas': ends('compile("lambda: " * 10**4 + "1", "x", "eval")'),
  'compile of nested f-strings': survives(
    'text = "1"\nfor _ in range(140): text = "f\'{" + text + "}\'"\ncompile(text, "x", "eval")',
  ),
  'compile of nested blocks': ends(
    'compile("".join(" " * n + "if 1:\\n" for n in range(5000)), "x", "exec")',
  ),
  'compile of a long elif': survives(
    'compile("if a: pass\\n" + "elif a: pass\\n" * 10**4, "x", "exec")',
  ),
  'a tree of ast nodes': ends(
    'import ast\nnode = ast.Constant(1)\n' +
      'for _ in range(10**4): node = ast.UnaryOp(ast.USub(), node)\n' +
      'compile(ast.fix_missing_locations(ast.Expression(node)), "x", "eval")',
  ),
  'ast.literal_eval': ends('import ast\nast.literal_eval("[" * 5000 + "]" * 5000)'),
  're.compile of nested groups': survives('import re\nre.compile("(" * 5000 + ")" * 5000)'),
  'the end of nested tuples': survives('x = None\nfor _ in range(10**6): x = (x,)\ndel x'),
  'the end of linked objects': survives(
    'class N: pass\nfirst = None\nfor _ in range(10**5):\n  n = N(); n.next = first; first = n\n' +
      'del n, first',
  ),
  '__del__ that makes another': survives(
    'class D:\n  def __del__(self):\n    global count\n    count += 1\n    if count < 10**5: D()\n' +
      'count = 0\nD()',
  ),
  'a trace function that is traced': survives(
    'def t(*a): return t\nsys.settrace(t)\ndef f(n): return f(n + 1)\ntry: f(0)\n' +
      'except RecursionError: pass\nexcept MemoryError: pass\nfinally: sys.settrace(None)',
  ),
  'exceptions whose handlers raise': survives(
    'def f(n):\n  try: return f(n + 1)\n  finally: f(n + 1) if n > 10**9 else None\n' +
      'try: f(0)\nexcept (RecursionError, MemoryError): pass',
  ),
  'xml of nested elements': survives(
    'import xml.etree.ElementTree as E\ntry: E.fromstring("<a>" * 10**4 + "</a>" * 10**4)\n' +
      'except ImportError: pass',
  ),
};
