import { describe, expect, test, vi } from 'vitest';
import { attribute, capability, ObjectKind, objectMethod } from './capability';
import { Desk, type DeskOptions } from './desk';
import { marshal } from './marshal';
import { type Call, method } from './method';
import { checkOffer } from './offer';
import type { Decision } from './policy';
import { Refusal } from './refusal';
import { unmarshal } from './unmarshal';
import type { GuestValue } from './value';

interface Sword {
  name: string;
  blows: number;
}

const Swords = new ObjectKind('Sword', {
  name: attribute('str', (sword: Sword) => sword.name),
  blows: attribute(
    'int',
    (sword: Sword) => sword.blows,
    (sword: Sword, blows: number) => {
      sword.blows = blows;
    },
  ),
  swing: objectMethod('(times: int = 1) -> Sword', (sword: Sword, times: number) => {
    sword.blows += times;
    return sword;
  }),
});

const faults: unknown[] = [];
let seed = 0;

function deskOf(options: Partial<DeskOptions> = {}): Desk {
  faults.length = 0;
  return new Desk({
    capabilities: {},
    kinds: [Swords],
    actor: 'jane',
    policy: undefined,
    random: (bytes) => bytes.fill(++seed),
    run: () => ({}),
    pauseClocks: () => () => undefined,
    onFault: (fault) => faults.push(fault),
    ...options,
  });
}

/** A handle comes back as its number. */
class Handle {
  readonly id: bigint;
  constructor(id: bigint) {
    this.id = id;
  }
}

const asGuest = { objectOf: (id: bigint) => new Handle(id) };
const handleOf = (object: object) =>
  object instanceof Handle ? { id: object.id, kind: 0 } : undefined;

async function ask(desk: Desk, ...request: readonly unknown[]): Promise<GuestValue> {
  const bytes = marshal(request as readonly GuestValue[], { handleOf });
  return unmarshal(await desk.answer(bytes), asGuest) as GuestValue;
}

const world = capability({
  add: method('(a: int, b: int = 1) -> int', (a: number, b: number) => a + b, 'Adds.'),
  later: method('async (ms: int) -> str', async (ms: number) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return `after ${ms}`;
  }),
  echo: (value: GuestValue) => value,
  nothing: () => undefined,
  who(this: Call) {
    return this.actor as string;
  },
  forge: method('() -> Sword', () => ({ name: 'Excalibur', blows: 0 })),
  lie: method('() -> int', () => 'seven'),
  refuse: () => {
    throw new Refusal('no-such-orc', 'there is no orc here');
  },
  fail: () => {
    throw new Error('secret path /home/page');
  },
  reject: () => Promise.reject(new TypeError('secret')),
});

describe('a call', () => {
  const call = (name: string, ...args: readonly GuestValue[]) =>
    ask(deskOf({ capabilities: { world } }), 'call', 'world', name, args, new Uint8Array(0));

  test('gives what the function gives, at once or later', async () => {
    expect(await call('add', 2, 3)).toEqual([true, 5]);
    expect(await call('later', 1)).toEqual([true, 'after 1']);
    expect(await call('echo', ['a', 1.5])).toEqual([true, ['a', 1.5]]);
    expect(await call('nothing')).toEqual([true, null]);
    expect(faults).toEqual([]);
  });

  test('tells the function who acts', async () => {
    expect(await call('who')).toEqual([true, 'jane']);
  });

  test('with wrong arguments never reaches the function', async () => {
    expect(await call('add', 2)).toEqual([false, 'type', '2 arguments are taken, 1 given']);
    expect(await call('add', '2', 3)).toEqual([false, 'type', 'a must be int']);
    expect(faults).toEqual([]);
  });

  test('that is refused says why, as the page put it', async () => {
    expect(await call('refuse')).toEqual([false, 'no-such-orc', 'there is no orc here']);
    expect(faults).toEqual([]);
  });

  test.each(['fail', 'reject'])(
    'that fails (%s) tells the page, and the guest nothing',
    async (name) => {
      expect(await call(name)).toEqual([false, 'fault', 'the page could not do it']);
      expect(String(faults[0])).toContain('secret');
    },
  );

  test('whose result is not what was declared is a fault of the page', async () => {
    expect(await call('lie')).toEqual([false, 'fault', 'the page could not do it']);
    expect(String(faults[0])).toContain('world.lie gave what is no int');
  });

  test.each<[string, unknown]>([
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['an object of a class', new (class Secret {})()],
    [
      'a proxy that throws',
      new Proxy(
        {},
        {
          getPrototypeOf: () => {
            throw new Error('trap');
          },
        },
      ),
    ],
    [
      'a getter that throws',
      Object.defineProperty({}, 'a', { enumerable: true, get: () => fail() }),
    ],
    ['a cycle', cyclic()],
  ])('that gives %s is a fault of the page, and no value', async (_, value) => {
    const desk = deskOf({ capabilities: { page: capability({ give: () => value }) } });
    const answer = await ask(desk, 'call', 'page', 'give', []);
    expect(answer).toEqual([false, 'fault', 'the page could not do it']);
    expect(faults).toHaveLength(1);
  });

  test('that gives more than may travel is refused', async () => {
    const give = () => new Uint8Array(1 << 20);
    const desk = deskOf({ capabilities: { page: capability({ give }) } });
    expect(await ask(desk, 'call', 'page', 'give', [])).toEqual([
      false,
      'size',
      expect.any(String),
    ]);
  });

  test.each(['toString', '__proto__', 'constructor', 'hasOwnProperty', ''])(
    'of %j, which is no method, is forbidden',
    async (name) => {
      expect(await call(name)).toEqual([false, 'forbidden', expect.any(String)]);
      const desk = deskOf({ capabilities: { world } });
      expect(await ask(desk, 'call', name, 'add', [1, 2])).toEqual([
        false,
        'forbidden',
        expect.any(String),
      ]);
    },
  );
});

function fail(): never {
  throw new Error('getter');
}

function cyclic(): unknown {
  const list: unknown[] = [];
  list.push(list);
  return list;
}

describe('a message', () => {
  test.each<[string, GuestValue]>([
    ['no list', 'call'],
    ['empty', []],
    ['of an unknown kind', ['import', 'os', 'system', []]],
    ['without arguments', ['call', 'world', 'add']],
    ['with a name that is no text', ['call', 'world', 7, []]],
    ['about a number', ['call', 7, 'add', []]],
    ['about a list', ['call', [], 'add', []]],
    ['that asks for an unknown access', ['can', 'world', 'add', 'delete']],
    ['that settles nonsense', ['settle', 'soon', []]],
    ['that settles for ever less', ['settle', -1, []]],
    ['that settles not a number', ['settle', Number.NaN, []]],
  ])('%s is refused', async (_, request) => {
    const desk = deskOf({ capabilities: { world } });
    const answer = unmarshal(await desk.answer(marshal(request))) as readonly GuestValue[];
    expect(answer.slice(0, 2)).toEqual([false, 'type']);
    expect(faults).toEqual([]);
  });

  test('that is no value at all is refused', async () => {
    const desk = deskOf();
    for (const bytes of [[], [0xff], [0x5b, 0xff, 0xff, 0xff, 0xff], [0x75, 1, 0, 0, 0]]) {
      const answer = unmarshal(await desk.answer(Uint8Array.from(bytes))) as readonly GuestValue[];
      expect(answer.slice(0, 2)).toEqual([false, 'type']);
    }
    expect(faults).toEqual([]);
  });
});

describe('an object of the page', () => {
  async function forged(): Promise<{ desk: Desk; sword: Handle }> {
    const desk = deskOf({ capabilities: { world } });
    const [, sword] = (await ask(desk, 'call', 'world', 'forge', [])) as unknown as [true, Handle];
    return { desk, sword };
  }

  test('goes to the guest as a handle, with what was declared for it', async () => {
    const { desk, sword } = await forged();
    expect(sword).toBeInstanceOf(Handle);
    expect(await ask(desk, 'get', sword, 'name', [])).toEqual([true, 'Excalibur']);
    expect(await ask(desk, 'set', sword, 'blows', [4])).toEqual([true, null]);
    expect(await ask(desk, 'call', sword, 'swing', [2])).toEqual([true, sword]);
    expect(await ask(desk, 'get', sword, 'blows', [])).toEqual([true, 6]);
  });

  test('has nothing else', async () => {
    const { desk, sword } = await forged();
    expect(await ask(desk, 'get', sword, 'constructor', [])).toEqual([
      false,
      'forbidden',
      expect.any(String),
    ]);
    expect(await ask(desk, 'get', sword, 'swing', [])).toEqual([
      false,
      'forbidden',
      expect.any(String),
    ]);
    expect(await ask(desk, 'set', sword, 'name', ['x'])).toEqual([
      false,
      'forbidden',
      expect.any(String),
    ]);
    expect(await ask(desk, 'call', sword, 'name', [])).toEqual([
      false,
      'forbidden',
      expect.any(String),
    ]);
    expect(await ask(desk, 'set', sword, 'blows', ['x'])).toEqual([
      false,
      'type',
      expect.any(String),
    ]);
    expect(await ask(desk, 'set', sword, 'blows', [])).toEqual([false, 'type', expect.any(String)]);
  });

  test('is nobody else’s: a number that was not given names nothing', async () => {
    const { desk, sword } = await forged();
    const other = deskOf({ capabilities: { world } });
    expect(await ask(other, 'get', sword, 'name', [])).toEqual([
      false,
      'revoked',
      expect.any(String),
    ]);
    for (const id of [0n, 1n, sword.id + 1n, 2n ** 64n - 1n]) {
      expect(await ask(desk, 'get', new Handle(id), 'name', [])).toEqual([
        false,
        'revoked',
        expect.any(String),
      ]);
    }
  });

  test('that is revoked is gone for every guest', async () => {
    const sword = Swords.grant({ name: 'Sting', blows: 0 });
    const desk = deskOf({ capabilities: { page: capability({ give: () => sword }) } });
    const [, handle] = (await ask(desk, 'call', 'page', 'give', [])) as unknown as [true, Handle];
    expect(await ask(desk, 'get', handle, 'name', [])).toEqual([true, 'Sting']);
    Swords.revoke(sword);
    expect(await ask(desk, 'get', handle, 'name', [])).toEqual([
      false,
      'revoked',
      expect.any(String),
    ]);
    expect(await ask(desk, 'can', handle, 'name', 'get')).toEqual([
      false,
      'revoked',
      expect.any(String),
    ]);
  });

  test('is forgotten when the guest has let go of it as often as it came', async () => {
    const { desk, sword } = await forged();
    await ask(desk, 'call', sword, 'swing', [1]);
    const drop = new Uint8Array(12);
    new DataView(drop.buffer).setBigUint64(0, sword.id, true);
    drop[8] = 1;
    expect(await ask(desk, 'get', sword, 'name', [], drop)).toEqual([true, 'Excalibur']);
    expect(await ask(desk, 'call', 'world', 'add', [1, 2], drop)).toEqual([true, 3]);
    expect(await ask(desk, 'get', sword, 'name', [])).toEqual([
      false,
      'revoked',
      expect.any(String),
    ]);
  });

  test('comes back to the page as itself', async () => {
    const seen: unknown[] = [];
    const look = method('(swords: list[Sword]) -> None', (swords: Sword[]) => seen.push(...swords));
    const desk = deskOf({ capabilities: { world: { ...world, look } } });
    const [, sword] = (await ask(desk, 'call', 'world', 'forge', [])) as unknown as [true, Handle];
    await ask(desk, 'call', 'world', 'look', [[sword as unknown as GuestValue]]);
    expect(seen).toEqual([{ name: 'Excalibur', blows: 0 }]);
    const answer = await ask(desk, 'call', 'world', 'look', [[{ name: 'forged' }]]);
    expect(answer).toEqual([false, 'type', expect.any(String)]);
  });
});

describe('a policy', () => {
  test('decides on each use, and knows who asks for what', async () => {
    const asked: string[] = [];
    const policy = ({ capability: name, member, access, actor, args }: Call) => {
      asked.push(`${actor} ${access} ${name}.${member}(${args.join()})`);
      return member === 'add' ? 'allow' : member === 'echo' ? 'unauthorized' : 'forbid';
    };
    const desk = deskOf({ capabilities: { world }, policy });
    expect(await ask(desk, 'call', 'world', 'add', [1, 2])).toEqual([true, 3]);
    expect(await ask(desk, 'call', 'world', 'echo', [1])).toEqual([
      false,
      'unauthorized',
      expect.any(String),
    ]);
    expect(await ask(desk, 'call', 'world', 'who', [])).toEqual([
      false,
      'forbidden',
      expect.any(String),
    ]);
    expect(await ask(desk, 'can', 'world', 'add', 'call')).toEqual([true, true]);
    expect(await ask(desk, 'can', 'world', 'who', 'call')).toEqual([true, false]);
    expect(await ask(desk, 'can', 'world', 'missing', 'call')).toEqual([true, false]);
    expect(asked.slice(0, 2)).toEqual(['jane call world.add(1,2)', 'jane call world.echo(1)']);
  });

  test('that takes its time stops the clocks meanwhile', async () => {
    const clocks: string[] = [];
    const desk = deskOf({
      capabilities: { world },
      policy: async (): Promise<Decision> => {
        clocks.push('asking');
        return 'allow';
      },
      pauseClocks: () => {
        clocks.push('stand still');
        return () => clocks.push('go on');
      },
    });
    expect(await ask(desk, 'call', 'world', 'add', [1, 2])).toEqual([true, 3]);
    expect(clocks).toEqual(['asking', 'stand still', 'go on']);
  });

  test('is asked before a function that waits for a person stops the clocks', async () => {
    const clocks: string[] = [];
    const page = capability({
      wait: method('() -> None', async function () {
        const goOn = this.pauseClocks();
        await Promise.resolve();
        goOn();
      }),
    });
    const desk = deskOf({
      capabilities: { page },
      policy: () => {
        clocks.push('asked');
        return 'allow';
      },
      pauseClocks: () => {
        clocks.push('stand still');
        return () => clocks.push('go on');
      },
    });
    expect(await ask(desk, 'call', 'page', 'wait', [])).toEqual([true, null]);
    expect(clocks).toEqual(['asked', 'stand still', 'go on']);
  });

  test('that takes its time does not outlive the object that it was asked about', async () => {
    const sword = Swords.grant({ name: 'Sting', blows: 0 });
    const desk = deskOf({
      capabilities: { page: capability({ give: () => sword }) },
      policy: async (call): Promise<Decision> => {
        if (call.target !== undefined) Swords.revoke(call.target);
        return 'allow';
      },
    });
    const [, handle] = (await ask(desk, 'call', 'page', 'give', [])) as unknown as [true, Handle];
    const answer = await ask(desk, 'call', handle, 'swing', [1]);
    expect(answer).toEqual([false, 'revoked', expect.any(String)]);
    expect(sword.blows).toBe(0);
  });

  test.each([
    ['throws', () => fail()],
    ['rejects', () => Promise.reject(new Error('no'))],
    ['says nothing known', () => 'yes' as 'allow'],
  ])('that %s forbids', async (_, policy) => {
    const desk = deskOf({ capabilities: { world }, policy });
    expect(await ask(desk, 'call', 'world', 'add', [1, 2])).toEqual([
      false,
      'forbidden',
      expect.any(String),
    ]);
  });
});

describe('calls that go on beside the guest', () => {
  test('are told of when they are over', async () => {
    const desk = deskOf({ capabilities: { world } });
    const [, slow] = (await ask(desk, 'start', 'world', 'later', [40])) as [true, number];
    const [, quick] = (await ask(desk, 'start', 'world', 'later', [1])) as [true, number];
    const [, bad] = (await ask(desk, 'start', 'world', 'refuse', [])) as [true, number];
    const over = new Map<number, GuestValue>();
    while (over.size < 3) {
      const left = [slow, quick, bad].filter((number) => !over.has(number));
      const [, settled] = (await ask(desk, 'settle', 5, left)) as [true, [number, Uint8Array][]];
      for (const [number, answer] of settled) over.set(number, unmarshal(answer));
    }
    expect([...over.keys()].at(-1)).toBe(slow);
    expect(over.get(quick)).toEqual([true, 'after 1']);
    expect(over.get(bad)).toEqual([false, 'no-such-orc', expect.any(String)]);
    expect(await ask(desk, 'settle', 0, [quick])).toEqual([false, 'revoked', expect.any(String)]);
  });

  test('let a wait run out', async () => {
    const desk = deskOf({ capabilities: { world } });
    const [, number] = (await ask(desk, 'start', 'world', 'later', [200])) as [true, number];
    expect(await ask(desk, 'settle', 0.01, [number])).toEqual([true, []]);
    desk.close();
  });

  test('are not without end', async () => {
    const desk = deskOf({
      capabilities: { page: capability({ never: () => new Promise(() => 0) }) },
    });
    let last: GuestValue = null;
    for (let count = 0; count <= 1000; count++)
      last = await ask(desk, 'start', 'page', 'never', []);
    expect(last).toEqual([false, 'size', expect.any(String)]);
    desk.close();
  });
});

test('a function learns when nobody waits for it any more', async () => {
  const signals: AbortSignal[] = [];
  const hang = method('() -> None', function (this: Call) {
    signals.push(this.signal);
    return new Promise(() => undefined);
  });
  const desk = deskOf({ capabilities: { page: { hang } } });
  const listener = vi.fn();
  void desk.answer(marshal(['call', 'page', 'hang', []]));
  signals[0]?.addEventListener('abort', listener);
  expect(signals[0]?.aborted).toBe(false);
  void desk.answer(marshal(['call', 'page', 'hang', []]));
  expect(listener).toHaveBeenCalledOnce();
  desk.giveUp();
  expect(signals[1]?.aborted).toBe(true);
});

test('what can not be given is refused when the sandbox is made', () => {
  const lost = capability({ forge: method('() -> Swrod', () => null) });
  expect(() => checkOffer({ world: lost }, [Swords])).toThrow('the kind Swrod, which is not given');
  expect(() => checkOffer({ world }, [])).toThrow('the kind Sword, which is not given');
  expect(() => checkOffer({ world: { f: (() => 1) as never } }, [])).toThrow(
    'world.f is no method',
  );
  expect(() => checkOffer({}, [Swords, Swords])).toThrow('two have the name Sword');
  for (const name of ['glovebox', 'a.b', 'class', '_private']) {
    expect(() => checkOffer({ [name]: {} }, [])).toThrow("can't be a module's name");
  }
  expect(() => new ObjectKind('list', {})).toThrow('is a type already');
  expect(() => checkOffer({ world }, [Swords])).not.toThrow();
});

test('names that Python can not have are refused when a capability is made', () => {
  for (const name of ['class', '_hidden', 'a b', '1st', '', '__init__']) {
    expect(() => capability({ [name]: () => 1 })).toThrow(/can't be a name in Python/);
    expect(() => new ObjectKind(name, {})).toThrow(/can't be a name in Python/);
  }
});

test('a kind hears of what a guest has let go of, and its failure is the page’s to know', async () => {
  const dropped: unknown[] = [];
  const sword = { name: 'axe', blows: 0 };
  const heard = new ObjectKind('Sword', {}, '', (object) => {
    dropped.push(object);
    throw new Error('of the page');
  });
  const forge = method('() -> Sword', () => sword);
  const desk = deskOf({ capabilities: { world: { forge } }, kinds: [heard.with({})] });
  await desk.answer(marshal(['call', 'world', 'forge', [], null]));
  expect(dropped).toEqual([]);
  desk.close();
  expect(dropped).toEqual([sword]);
  expect(faults).toMatchObject([{ message: 'of the page' }]);
});
