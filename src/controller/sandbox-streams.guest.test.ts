import { describe, expect } from 'vitest';
import { guestIt as it, pause } from '../testing/guest-test';
import { formatHostCall } from './host-call-text';
import type { StdinSource } from './stdin';

/** A source that gives these pieces, one for each time that it is asked. */
function pieces(...given: (string | Uint8Array | null)[]): StdinSource {
  const left = [...given];
  return () => left.shift() ?? null;
}

describe('input()', () => {
  it('takes a line from the page, at once or later', async ({ open }) => {
    const lines = pieces('Ada\n', 'Grace\n');
    const python = await open({ stdin: () => pause(30).then(lines) });
    const source = 'print("Hello", input("Who? "), "and", input())';
    expect(await python.printed(source)).toBe('Who? Hello Ada and Grace\n');
  });

  it('shows its question before it waits', async ({ open }) => {
    const shown: string[] = [];
    const python = await open({
      stdin: () => {
        shown.push(python.stdout);
        return 'x\n';
      },
    });
    await python.run('input("first? ")\nprint("between", end=" ")\ninput("second? ")');
    expect(shown).toEqual(['first? ', 'first? between second? ']);
  });

  it('stops the clocks while it waits', async ({ open }) => {
    const python = await open({
      limits: { wallMs: 400, cpuMs: 400 },
      stdin: () => pause(700).then(() => 'late\n'),
    });
    const outcome = await python.run('answer = input()');
    expect(outcome).toMatchObject({ status: 'ok' });
    expect(outcome.wallMs).toBeLessThan(400);
    expect(await python.sandbox.evaluate('answer')).toBe('late');
    expect(await python.run('while True: pass')).toMatchObject({ status: 'timeout' });
  });

  it('is EOFError at the end of the input', async ({ open }) => {
    const python = await open({ stdin: pieces('only\n') });
    const outcome = await python.run('input()\ninput()');
    expect(outcome).toMatchObject({ status: 'error', error: { type: 'EOFError', line: 2 } });
  });

  it('is EOFError where there is no input at all', async ({ shared }) => {
    expect(await shared.run('input()')).toMatchObject({ error: { type: 'EOFError' } });
  });

  it('takes whole lines out of any pieces', async ({ open }) => {
    const bytes = new TextEncoder().encode('né\u{1f40d}!\nrest\n');
    const python = await open({ stdin: pieces(...[...bytes].map((byte) => Uint8Array.of(byte))) });
    expect(await python.printed('print(input())\nprint(input())')).toBe('né\u{1f40d}!\nrest\n');
  });

  it('can be interrupted; what is typed then goes to the next one', async ({ open }) => {
    let answer: (line: string) => void = () => undefined;
    let asked = 0;
    const python = await open({
      stdin: () => {
        asked++;
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
    });
    const running = python.run('print("started")\ninput()');
    await python.shows('started');
    await pause(20);
    python.sandbox.interrupt();
    expect(await running).toMatchObject({
      status: 'interrupted',
      alive: true,
      error: { type: 'KeyboardInterrupt' },
    });
    const next = python.printed('print("got", input())');
    await pause(20);
    answer('typed ahead\n');
    expect(await next).toBe('got typed ahead\n');
    expect(asked).toBe(1);
  });

  it.for([
    [
      'throws',
      () => {
        throw new Error('host secret');
      },
    ],
    ['rejects', () => Promise.reject(new Error('host secret'))],
    ['gives what is no text', () => 7 as unknown as string],
  ] as const)('is OSError when the source of the page %s', async ([, stdin], { open }) => {
    const python = await open({ stdin, onFault: () => undefined });
    expect(await python.run('input()')).toMatchObject({ error: { type: 'OSError' }, alive: true });
    expect(python.stderr).not.toContain('secret');
    expect(await python.sandbox.evaluate('6 * 7')).toBe(42);
  });

  it('waits no longer when the guest is ended', async ({ open }) => {
    const python = await open({ stdin: () => new Promise(() => undefined) });
    const running = python.run('input()');
    await pause(50);
    python.sandbox.terminate();
    expect(await running).toMatchObject({ status: 'terminated' });
  });
});

describe('sys.stdin', () => {
  it('reads to the end', async ({ open }) => {
    const python = await open({ stdin: pieces('one\ntwo\n', 'three') });
    const source = 'import sys\nprint(sys.stdin.read().split())';
    expect(await python.printed(source)).toBe("['one', 'two', 'three']\n");
  });

  it('carries bytes', async ({ open }) => {
    const python = await open({ stdin: pieces(Uint8Array.of(0, 255, 10)) });
    await python.run('import sys\ndata = sys.stdin.buffer.read()');
    expect(await python.sandbox.evaluate('data')).toEqual(Uint8Array.of(0, 255, 10));
  });
});

describe('output', () => {
  it('comes as bytes, whatever they are', async ({ open }) => {
    const python = await open();
    await python.run('import sys\nsys.stdout.buffer.write(bytes(range(256)))');
    expect([...python.stdoutBytes]).toEqual(Array.from({ length: 256 }, (_, byte) => byte));
  });

  it('of one run is there when the run is over, without a flush of its own', async ({ open }) => {
    const python = await open({ terminal: { stdout: false, stderr: false } });
    await python.run('print("a", end="")');
    expect(python.stdout).toBe('a');
  });

  it('of a program that fails comes before the traceback', async ({ open }) => {
    const order: string[] = [];
    const python = await open({ onOutput: (_, stream) => order.push(stream) });
    await python.run('print("a")\n1 / 0');
    expect([...new Set(order)]).toEqual(['stdout', 'stderr']);
    expect(order.lastIndexOf('stdout')).toBeLessThan(order.indexOf('stderr'));
  });

  it('goes on when the listener of the page throws, which is told as a fault', async ({ open }) => {
    const faults: unknown[] = [];
    const fault = new Error('the page stumbled');
    const python = await open({
      onOutput: () => {
        throw fault;
      },
      onFault: (told) => faults.push(told),
    });
    expect(await python.run('print("a")\nx = 1')).toMatchObject({ status: 'ok' });
    expect(faults).toContain(fault);
    expect(await python.sandbox.evaluate('x')).toBe(1);
  });

  it('of 8 MiB in one write arrives whole', async ({ open }) => {
    const python = await open();
    const outcome = await python.run(
      'import sys\nn = sys.stdout.write("0123456789abcdef" * 2**19)',
    );
    expect(outcome).toMatchObject({ status: 'ok' });
    expect(python.stdout).toBe('0123456789abcdef'.repeat(2 ** 19));
  });

  it('can not be closed for the runs that follow', async ({ open }) => {
    const python = await open();
    await python.run('import sys\nsys.stdout.close()');
    const outcome = await python.run('1 / 0');
    expect(outcome).toMatchObject({ status: 'error', error: { type: 'ZeroDivisionError' } });
  });
});

describe('host calls', () => {
  it('are seen by the page, each with its answer', async ({ open }) => {
    const seen: string[] = [];
    const python = await open({
      onHostCall: (call) => seen.push(formatHostCall(call)),
    });
    await python.run('try: open("/etc/passwd")\nexcept FileNotFoundError: pass');
    expect(seen).toContainEqual(expect.stringMatching(/^path_open\(.*"etc\/passwd".* = ENOENT$/));
  });

  it('go on when the observer throws', async ({ open }) => {
    const faults: unknown[] = [];
    const python = await open({
      onHostCall: () => {
        throw new Error('the observer stumbled');
      },
      onFault: (fault) => faults.push(fault),
    });
    expect(await python.printed('print(6 * 7)')).toBe('42\n');
    expect(faults.length).toBeGreaterThan(0);
  });
});
