/** Attempts to do more with handles and capabilities than was given: each must fail, and the page see none of it. */
import { describe, expect } from 'vitest';
import { attribute, capability, ObjectKind, objectMethod } from '../capability/capability';
import { method } from '../capability/method';
import { guestIt as it } from '../testing/guest-test';

class Chest {
  readonly secret = 'SECRET';
  label = 'oak';
  opened = 0;

  open(): string {
    this.opened++;
    return this.secret;
  }
}

/** By what they are called. Each runs with `chest`, an object of the page, `world`, and `ask`, the bare host call. */
const ATTEMPTS: Readonly<Record<string, string>> = {
  'an attribute that is not declared': 'chest.secret',
  'an attribute that is not declared, asked for without Python’s class':
    "ask('get', chest, 'secret', ())[1]",
  'a method that is not declared': "ask('call', chest, 'open', ())[1]",
  'a method as if it were an attribute': "ask('get', chest, 'knock', ())[1]",
  'an attribute as if it were a method': "ask('call', chest, 'label', ())[1]",
  'setting an attribute that can only be read': "ask('set', chest, 'label', ('mine',))[1]; 1/0",
  'setting what is not declared': "ask('set', chest, 'secret', ('x',))[1]; 1/0",
  'the constructor of the page’s class': "ask('get', chest, 'constructor', ())[1]",
  'the prototype of the page’s object': "ask('get', chest, '__proto__', ())[1]",
  'a method of every JavaScript object': "ask('call', chest, 'toString', ())[1]",
  'an index of the page’s object': "ask('get', chest, 0, ())[1]",
  'a name that is bytes': "ask('get', chest, b'secret', ())[1]",
  'a name with a NUL': "ask('get', chest, 'secret\\0', ())[1]",
  'a subclass that declares more': `
class Mine(type(chest)):
    secret = property(lambda self: ask('get', self, 'secret', ())[1])
mine = object.__new__(Mine)
mine.secret`,
  'a handle made by its class': 'type(chest)()',
  'a handle made by object.__new__': 'object.__new__(type(chest))',
  'a handle made by its base’s __new__': 'glovebox.Handle.__new__(type(chest))',
  'a handle made by copying': 'import copy; copy.copy(chest)',
  'a handle made by deep copying': 'import copy; copy.deepcopy([chest])',
  'a handle made by pickling': 'import pickle; pickle.loads(pickle.dumps(chest))',
  'a handle made by marshal': 'import marshal; marshal.loads(marshal.dumps(chest))',
  'a handle made by __reduce_ex__': 'chest.__reduce_ex__(4)',
  'a handle made by type()': "type('Fake', (), {'__class__': type(chest)})().label",
  'a class that says that it is the handle’s': `
class Fake:
    __class__ = type(chest)
ask('get', Fake(), 'label', ())[1].x`,
  'a handle of another class by assignment to __class__': `
class Other(glovebox.Handle):
    __slots__ = ()
    def secret(self): return ask('get', self, 'secret', ())[1]
chest.__class__ = Other
chest.secret()`,
  'the number of the handle': 'int(chest)',
  'the number of the handle by its index': 'operator.index(chest)',
  'the number of the handle in its memory': 'memoryview(chest)',
  'the bytes of the handle': 'bytes(chest)',
  'a handle by a message made by hand': `
import struct
message = _glovebox.loads(b'h' + struct.pack('<QI', 1, 0))
ask('get', message, 'label', ())[1].x`,
  'all small numbers as handles': `
import struct
for number in range(200):
    try: handle = _glovebox.loads(b'h' + struct.pack('<QI', number, 0))
    except Exception: break
    answer = ask('get', handle, 'label', ())
    if answer[0]: print('SECRET')
1/0`,
  'a function of a capability that was not given': "ask('call', 'bank', 'pay', (1,))[1]",
  'a function that the facet left out': "ask('call', 'world', 'steal', ())[1]",
  'a capability’s name that is no text': "ask('call', 7, 'give', ())[1]",
  'a capability by a path': "ask('call', '../world', 'give', ())[1]",
  'an unknown request': "ask('eval', 'window', 'location', ())[1]",
  'a request that is nested without end': `
value = []
for _ in range(10_000): value = [value]
ask('call', 'world', 'echo', (value,))`,
  'a request that is too long': "ask('call', 'world', 'echo', (b'x' * (1 << 21),))",
  'an object of Python in the place of a handle': "ask('call', object(), 'label', ())",
  'a dict in the place of a handle': "ask('get', {'label': 1}, 'label', ())[1].x",
  'a list that pretends to be arguments': "ask('call', chest, 'knock', [1, 2, 3])[1].x",
  'arguments that are no list': "ask('call', chest, 'knock', 'abc')[1].x",
  'a dict with __proto__ as an argument': "world.echo({'__proto__': {'admin': True}})['admin']",
  'waiting for a call that was never made': "ask('settle', 0.0, [1, 2, 3])[1][0]",
  'describing what was not given': "ask('describe', 'bank', None, ())[1][0]",
  'a function’s error, for the page’s stack': `
try: world.fail()
except glovebox.CapabilityError as error:
    text = repr((error, error.__dict__, error.args, error.__cause__))
    if 'page' in text.replace('the page could not do it', ''): print('SECRET')
    raise`,
};

describe('is refused', () => {
  it.for(Object.entries(ATTEMPTS))('%s', async ([, attempt], { open }) => {
    const chest = new Chest();
    const hidden = new Chest();
    const Chests = new ObjectKind('Chest', {
      label: attribute('str', (one: Chest) => one.label),
      knock: objectMethod('() -> str', () => 'knock knock'),
    });
    Chests.grant(hidden);
    const world = capability({
      give: method('() -> Chest', () => chest),
      echo: (value: unknown) => value,
      fail: () => {
        throw new Error('page: SECRET');
      },
    });
    const faults: unknown[] = [];
    const python = await open({
      capabilities: { world },
      kinds: [Chests],
      onFault: (fault) => faults.push(fault),
    });
    const ready = await python.run(`
import _glovebox, glovebox, operator, world
def ask(*request):
    answer = _glovebox.ask(*request)
    if answer[0] is not True: raise glovebox.CapabilityError(*answer[1:])
    return answer
chest = world.give()
assert chest.label == 'oak' and chest.knock() == 'knock knock'`);
    expect(ready).toMatchObject({ status: 'ok' });
    const outcome = await python.run(attempt);
    expect(outcome.status).toBe('error');
    expect(python.stdout + python.stderr.replaceAll(attempt, '')).not.toContain('SECRET\n');
    expect([chest.opened, chest.label, hidden.opened]).toEqual([0, 'oak', 0]);
    expect(faults.filter((fault) => !String(fault).includes('page: SECRET'))).toEqual([]);
    expect(await python.printed("print(ask('get', chest, 'label', ())[1])")).toBe('oak\n');
  });
});
