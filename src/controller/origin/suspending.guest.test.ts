import { describe } from 'vitest';
import { refuse } from '../../testing/origin-attempts';

const generator = `
def items():
    try:
        while True:
            journal.marks.append('ran')
            yield 1
    finally:
        journal.marks.append('finally')
started = items()
next(started)
journal.marks.clear()`;

describe('what was begun outside is refused inside', () => {
  refuse({
    'a generator that has not begun': { evil: generator, inside: 'next(evil.items())' },
    'a generator, by next': { evil: generator, inside: 'next(evil.started)' },
    'a generator, by send': { evil: generator, inside: 'evil.started.send(1)' },
    'a generator, by throw': { evil: generator, inside: 'evil.started.throw(ValueError())' },
    'a generator, by close': { evil: generator, inside: 'evil.started.close()' },
    'a generator, by a for loop': { evil: generator, inside: 'for item in evil.started: pass' },
    'a generator, by a for loop that was specialised': {
      evil: generator,
      before: `
def loop(count):
    for item in evil.started:
        count -= 1
        if count < 0: return
loop(300)
journal.marks.clear()`,
      inside: 'loop(1)',
    },
    'a generator, by yield from': {
      evil: generator,
      before: 'def delegate(): yield from evil.started',
      inside: 'next(delegate())',
    },
    'a generator, thrown into through one that may run': {
      evil: generator,
      before: `
def delegate(): yield from evil.started
delegating = delegate()
next(delegating)
journal.marks.clear()`,
      inside: 'delegating.throw(ValueError())',
    },
    'a generator, closed through one that may run': {
      evil: generator,
      before: `
def delegate(): yield from evil.started
delegating = delegate()
next(delegating)
journal.marks.clear()`,
      inside: 'delegating.close()',
    },
    'a generator, by list, sum and unpacking': {
      evil: generator,
      inside: `
for use in (list, sum, max, dict, zip, enumerate):
    try: list(use(evil.started))
    except glovebox.PolicyError: continue
    journal.marks.append(use)
first, *rest = evil.started`,
    },
    'a generator, when it is dropped': {
      evil: generator,
      inside: 'del evil.started',
      isQuiet: true,
    },
    'a generator expression': {
      evil: 'lazy = (journal.marks.append(n) for n in range(3))',
      inside: 'list(evil.lazy)',
    },
    'a coroutine': {
      evil: 'async def work(): journal.marks.append(1)\nwaiting = work()',
      before: 'async def wait(): await evil.waiting',
      inside: 'wait().send(None)',
    },
    'an asynchronous generator': {
      evil: 'async def work():\n    journal.marks.append(1)\n    yield 1',
      inside: 'evil.work().__anext__().send(None)',
    },
    'a coroutine in an event loop': {
      evil: 'async def work(): journal.marks.append(1)',
      before: 'import asyncio',
      inside: 'asyncio.run(evil.work())',
    },
    'a context of variables from outside': {
      before: 'import contextvars\noutside = contextvars.Context()',
      inside: 'outside.run(evil.act)',
    },
  });
});

describe('what was begun inside stays restricted', () => {
  refuse({
    'a generator that goes on outside': {
      before: `
def items():
    yield 1
    evil.act()
    yield 2
kept = []`,
      inside: 'kept.append(items())\nnext(kept[0])',
      after: 'next(kept[0])',
    },
    'a generator that only begins outside': {
      before: `
def items():
    evil.act()
    yield 1
kept = []`,
      inside: 'kept.append(items())',
      after: 'for item in kept[0]: pass',
    },
    'a context of variables, and a copy of it': {
      before: 'import contextvars\nkept = []',
      inside: 'kept.append(contextvars.copy_context())',
      after: 'kept[0].copy().run(evil.act)',
    },
    'a coroutine that an event loop resumes outside': {
      before: `
import asyncio
loop = asyncio.new_event_loop()
async def work():
    await asyncio.sleep(0)
    evil.act()
kept = []`,
      inside: 'kept.append(loop.create_task(work()))',
      after: 'loop.run_until_complete(kept[0])',
    },
    'a callback that an event loop calls outside': {
      before: `
import asyncio
loop = asyncio.new_event_loop()
loop.set_exception_handler(lambda loop, context: kept.append(context['exception']))
kept = []`,
      inside: 'loop.call_soon(evil.act)',
      after: 'loop.run_until_complete(asyncio.sleep(0))\nraise kept[0]',
    },
  });
});
