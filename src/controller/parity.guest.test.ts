/** What the ancestors offer, row by row, in the real interpreter: the titles quote the rows. */
import { describe, expect } from 'vitest';
import { attribute, capability, ObjectKind, objectMethod } from '../capability/capability';
import { combine, facet } from '../capability/facet';
import { parseManifest } from '../capability/manifest';
import { applyManifest } from '../capability/manifest-policy';
import { Meter, meter } from '../capability/meter';
import { type Call, method } from '../capability/method';
import { allowAll, denyAll, logged, type Policy } from '../capability/policy';
import { guestIt as it, type OpenedSandbox } from '../testing/guest-test';
import { MemoryVolume } from '../volume/memory-volume';
import { capabilityUse } from './capability-use';

interface Body {
  name: string;
  health: number;
  friends: Body[];
}

const Bodies = new ObjectKind('Body', {
  name: attribute('str', (body: Body) => body.name),
  health: attribute(
    'int',
    (body: Body) => body.health,
    (body: Body, health: number) => {
      body.health = health;
    },
  ),
  friends: attribute('list[Body]', (body: Body) => body.friends),
  hit: objectMethod('(points: int) -> int', (body: Body, points: number) => {
    body.health -= points;
    return body.health;
  }),
});

const body = (name: string, ...friends: Body[]): Body => ({ name, health: 10_000, friends });

function worldOf(bodies: readonly Body[]) {
  return capability({
    near: method('() -> list[Body]', () => [...bodies]),
    damage: method('(target: Body, points: int) -> int', (target: Body, points: number) => {
      target.health -= points;
      return target.health;
    }),
    say: method('(text: str) -> None', () => undefined),
    who: method('() -> str', function (this: Call) {
      return String(this.actor);
    }),
  });
}

const tell = `
import glovebox
def tell(call):
    try: print(call())
    except glovebox.CapabilityError as error: print(type(error).__name__)
    except (TypeError, AttributeError) as error: print(type(error).__name__)
`;

async function told(python: OpenedSandbox, ...calls: string[]): Promise<string[]> {
  const source = calls.map((call) => `tell(lambda: ${call})`).join('\n');
  return (await python.printed(`${tell}${source}`)).trimEnd().split('\n');
}

const modules = {
  'plugin.py': `
import shelf
def f(): return shelf.take()
def g(): return 'nothing taken'
def h(source): exec(compile(source, 'shelf.py', 'exec'), {'__name__': 'shelf'})
`,
  'shelf.py': "def take(): return 'a book'",
};

const guarded = `
import glovebox, plugin, shelf
def within(rule, call):
    try:
        with rule: print(call())
    except glovebox.PolicyError as error: print(error.module)
`;

describe('the 2004 thread', () => {
  it('“when I execute f() here, no code from module socket may run”', async ({ open }) => {
    const python = await open({ mounts: { '/home': MemoryVolume.from(modules) } });
    await python.run(`${guarded}
within(glovebox.restrict(deny=['shelf']), plugin.f)
within(glovebox.restrict(deny=['shelf']), plugin.g)
within(glovebox.restrict(deny=['socket']), plugin.f)`);
    expect(python.stderr).toBe('');
    expect(python.stdout).toBe('shelf\nnothing taken\na book\n');
  });

  it('“the positive list”', async ({ open }) => {
    const python = await open({ mounts: { '/home': MemoryVolume.from(modules) } });
    await python.run(`${guarded}
within(glovebox.restrict(allow=['plugin', 'io']), plugin.f)
within(glovebox.restrict(allow=['plugin', 'io']), plugin.g)
within(glovebox.restrict(allow=['plugin', 'shelf', 'io']), plugin.f)`);
    expect(python.stderr).toBe('');
    expect(python.stdout).toBe('shelf\nnothing taken\na book\n');
  });

  it('“exact references to where code originated”: not what it says of itself', async ({
    open,
  }) => {
    const python = await open({ mounts: { '/home': MemoryVolume.from(modules) } });
    await python.run(`${guarded}
source = "print('I am of the shelf')"
within(glovebox.restrict(allow=['shelf', 'io', '__main__']), lambda: plugin.h(source))
code = compile(source, 'shelf.py', 'exec').replace(co_filename='/home/shelf.py')
within(glovebox.restrict(deny=['__main__']), lambda: exec(code, {'__name__': 'shelf'}))`);
    expect(python.stderr).toBe('');
    expect(python.stdout).toBe('plugin\n__main__\n');
  });

  it('“more than 5000 points of damage”: a budget on what a sword may do', async ({ open }) => {
    const rat = body('rat');
    const world = worldOf([rat]);
    const budget = new Meter({ budget: 5000 });
    const damage = budget.on(world.damage, (_, points: number) => points);
    const python = await open({ capabilities: { world: { ...world, damage } }, kinds: [Bodies] });
    await python.run('import world\nrat, = world.near()');
    expect(
      await told(
        python,
        'world.damage(rat, 4000)',
        'world.damage(rat, 1001)',
        'world.damage(rat, 1000)',
      ),
    ).toEqual(['6000', 'BudgetExceeded', '5000']);
    expect(budget.left).toBe(0);
  });

  it('“objects brought from Jane’s server to Bob’s, run under Bob’s rules”', async ({
    open,
    restore,
  }) => {
    const janes = worldOf([body('rat')]);
    const bobs = worldOf([body('orc')]);
    const jane = await open({ capabilities: { world: janes }, kinds: [Bodies], actor: 'jane' });
    await jane.run(`
import world
class Sword:
    swings = 0
    def swing(self, points):
        self.swings += 1
        return world.damage(world.near()[0], points)
sword = Sword()
sword.swing(6000)`);
    const image = await jane.sandbox.snapshot();
    const damage = meter(bobs.damage, { budget: 5000, cost: (_, points: number) => points });
    const bob = await restore(image, {
      capabilities: { world: { ...facet(bobs, { except: ['say'] }), damage } },
      kinds: [Bodies],
      actor: 'bob',
      limits: { wallMs: 5000 },
    });
    expect(
      await told(
        bob,
        'sword.swing(5000)',
        'sword.swing(1)',
        'sword.swings',
        "world.say('x')",
        'world.who()',
      ),
    ).toEqual(['5000', 'BudgetExceeded', '3', 'Forbidden', 'bob']);
  });

  it('“actions and events over a pipe, with sanity checks”', async ({ open }) => {
    const python = await open({ capabilities: { world: worldOf([]) }, kinds: [Bodies] });
    await python.run(`
import glovebox, world
@glovebox.on('touched')
def touched(event):
    world.say(event['by'])`);
    expect(await python.sandbox.emit('touched', { by: 'bob' })).toMatchObject({ status: 'ok' });
    expect(await python.sandbox.emit('touched', { by: 7 })).toMatchObject({
      status: 'error',
      error: { type: 'TypeError', message: 'text must be str' },
    });
  });

  it('“avatars and objects scripted by free accounts, cheap enough to grant”', async ({
    open,
    restore,
  }) => {
    const python = await open();
    await python.run('import glovebox\n@glovebox.on("go")\ndef go(n): print(n)');
    const asleep = await (await python.sandbox.snapshot()).encode();
    expect(asleep.length).toBeLessThan(300 * 1024);
    const awake = await restore(asleep, {});
    await awake.sandbox.emit('go', 1);
    expect(awake.stdout).toBe('1\n');
  });
});

describe('Zope 3', () => {
  it('“proxies that spread to results; basic values pass bare”', async ({ open }) => {
    const jane = body('jane', body('bob', body('eve')));
    const python = await open({ capabilities: { world: worldOf([jane]) }, kinds: [Bodies] });
    await python.run('import world\njane, = world.near()');
    expect(
      await told(
        python,
        'jane.friends[0].friends[0]',
        'jane.friends[0].friends[0].name',
        'type(jane.name)',
      ),
    ).toEqual(['<Body of the page>', 'eve', "<class 'str'>"]);
  });

  it('“checkers: rights to call, get, set, per name”', async ({ open }) => {
    const seen = facet(Bodies, { only: ['name', 'health'], readOnly: true });
    const python = await open({ capabilities: { world: worldOf([body('rat')]) }, kinds: [seen] });
    await python.run('import world\nrat, = world.near()');
    expect(
      await told(
        python,
        'rat.name',
        'rat.health',
        "setattr(rat, 'health', 1)",
        'rat.hit(1)',
        'rat.friends',
      ),
    ).toEqual(['rat', '10000', 'AttributeError', 'AttributeError', 'AttributeError']);
  });

  it('“Forbidden (never) and Unauthorized (not you, not now)”', async ({ open }) => {
    const policy: Policy = ({ member }) => (member === 'who' ? 'unauthorized' : 'forbid');
    const python = await open({ capabilities: { world: worldOf([]) }, kinds: [Bodies], policy });
    await python.run('import world');
    expect(await told(python, 'world.who()', 'world.near()')).toEqual([
      'Unauthorized',
      'Forbidden',
    ]);
  });

  it('“checkers combined (or), multi, from an interface; a fixed set of always-safe operations”', async ({
    open,
  }) => {
    const world = worldOf([body('rat')]);
    const either = combine(
      facet(world, { only: ['damage'], args: { damage: { points: { max: 5 } } } }),
      facet(world, { only: ['damage', 'near'], args: { damage: { points: { min: 100 } } } }),
    );
    const alwaysSafe = new ObjectKind('Safe', { name: attribute('str', () => '') });
    const kinds = [facet(Bodies, { like: alwaysSafe })];
    const python = await open({ capabilities: { world: either }, kinds });
    await python.run('import world\nrat, = world.near()');
    expect(
      await told(
        python,
        'world.damage(rat, 5)',
        'world.damage(rat, 50)',
        'world.damage(rat, 100)',
        'rat.name',
        'rat.health',
      ),
    ).toEqual(['9995', 'Forbidden', '9895', 'rat', 'AttributeError']);
  });

  it('“canAccess, canWrite”: a program can ask before it tries', async ({ open }) => {
    const policy: Policy = ({ member }) => (member === 'say' ? 'forbid' : 'allow');
    const world = worldOf([body('rat')]);
    const python = await open({ capabilities: { world }, kinds: [Bodies], policy });
    await python.run('import world\nfrom glovebox import *\nrat, = world.near()');
    expect(
      await told(
        python,
        '(can_call(world.near), can_call(world.say), can_call(rat, "hit"))',
        '(can_get(rat, "name"), can_get(rat, "secret"))',
        '(can_set(rat, "health"), can_set(rat, "name"))',
      ),
    ).toEqual(['(True, False, True)', '(True, False)', '(True, False)']);
  });

  it('“interactions and participations: who is acting”', async ({ open }) => {
    const world = worldOf([]);
    for (const actor of ['jane', 'bob']) {
      const python = await open({ capabilities: { world }, kinds: [Bodies], actor });
      expect(await python.printed('import world\nprint(world.who())')).toBe(`${actor}\n`);
    }
  });

  it('“pluggable policy, paranoid and permissive”', async ({ open }) => {
    const capabilities = { world: worldOf([]) };
    const kinds = [Bodies];
    const paranoid = await open({ capabilities, kinds, policy: denyAll });
    const permissive = await open({ capabilities, kinds, policy: allowAll });
    await paranoid.run('import world');
    await permissive.run('import world');
    expect(await told(paranoid, 'world.who()')).toEqual(['Forbidden']);
    expect(await told(permissive, 'world.who()')).toEqual(['undefined']);
  });

  it('“declarations instead of code”: a manifest', async ({ open }) => {
    const manifest = parseManifest({
      version: 1,
      rules: [
        { capability: 'world', members: ['near', 'damage'], decision: 'allow' },
        { capability: 'Body', members: ['name'], access: ['get'], decision: 'allow' },
      ],
      budgets: [{ capability: 'world', member: 'damage', budget: 10, cost: 'points' }],
    });
    const given = applyManifest(manifest, { world: worldOf([body('rat')]) }, { kinds: [Bodies] });
    const python = await open(given);
    await python.run('import world\nrat, = world.near()');
    expect(
      await told(python, 'world.damage(rat, 10)', 'world.damage(rat, 1)', 'rat.name', 'rat.health'),
    ).toEqual(['9990', 'BudgetExceeded', 'rat', 'AttributeError']);
  });

  it('“unwrapping only by trusted code”: the page alone has the object', async ({ open }) => {
    const rat = body('rat');
    const python = await open({ capabilities: { world: worldOf([rat]) }, kinds: [Bodies] });
    await python.run('import world\nrat, = world.near()');
    expect(await python.sandbox.evaluate('rat')).toBe(rat);
    expect(await told(python, 'vars(rat)', 'rat.__dict__')).toEqual([
      'TypeError',
      'AttributeError',
    ]);
  });

  it('“a log of each decision”', async ({ open }) => {
    const log: string[] = [];
    const policy = logged(allowAll, ({ call, decision }) => {
      log.push(`${call.actor} ${call.capability}.${call.member}: ${decision}`);
    });
    const capabilities = { world: worldOf([]) };
    const python = await open({ capabilities, kinds: [Bodies], actor: 'jane', policy });
    await python.run("import world\nworld.who()\nworld.say('x')");
    expect(log).toEqual(['jane world.who: allow', 'jane world.say: allow']);
    const refused = await open({ capabilities, kinds: [Bodies], actor: 'eve', policy: denyAll });
    await refused.run('import world\nworld.who()');
    const [call] = refused.sandbox.calls({
      name: 'capability_call',
      where: (one) => capabilityUse(one)?.refusal !== undefined,
    });
    expect(call).toMatchObject({ caller: 'eve' });
    expect(call && capabilityUse(call)).toMatchObject({
      subject: 'world',
      member: 'who',
      refusal: { code: 'forbidden' },
    });
  });

  it('“the sandbox example: agents move between homes with different rules”', async ({
    open,
    restore,
  }) => {
    const london = capability({ time: method('() -> str', () => 'noon') });
    const home = capability({
      greet: method('(name: str) -> str', (name: string) => `hello ${name}`),
    });
    const agent = await open({ capabilities: { home, clock: london } });
    await agent.run(`
import home, clock
seen = [clock.time(), home.greet('agent')]`);
    const elsewhere = facet(home, { args: { greet: { name: { oneOf: ['stranger'] } } } });
    const moved = await restore(await agent.sandbox.snapshot(), {
      capabilities: { home: elsewhere },
    });
    expect(
      await told(moved, 'seen', "home.greet('stranger')", "home.greet('agent')", 'clock.time()'),
    ).toEqual(["['noon', 'hello agent']", 'hello stranger', 'Forbidden', 'Forbidden']);
  });
});
