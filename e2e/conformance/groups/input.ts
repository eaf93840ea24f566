/** A guest that waits for its user. */
import { claim, claimEqual, claimMatches } from '../claims';
import { pause } from '../python';
import type { Group } from '../suite';

export const input: Group = {
  'input() takes what the page gives at once': async (workshop) => {
    const lines = ['Ada\n', 'Grace\n'];
    const python = await workshop.open({ stdin: () => lines.shift() ?? null });
    claimEqual(await python.printed('print(input(), input())'), 'Ada Grace\n');
  },

  'input() waits for an answer, and the clocks stand still meanwhile': async (workshop) => {
    const python = await workshop.open({
      limits: { wallMs: 500, cpuMs: 500 },
      stdin: async () => {
        await pause(900);
        return 'Ada\n';
      },
    });
    const outcome = await python.run('print("Hello", input("name? "))');
    claimMatches(outcome, { status: 'ok' });
    claim(outcome.wallMs < 500, `the run took ${outcome.wallMs} ms`);
    claimEqual(python.output, 'name? Hello Ada\n');
  },

  'a prompt is shown before the guest waits': async (workshop) => {
    let shown = '';
    const python = await workshop.open({
      stdin: () => {
        shown = python.output;
        return 'x\n';
      },
    });
    await python.printed('input("name? ")');
    claimEqual(shown, 'name? ');
  },

  'the end of the input is an EOFError': async (workshop) => {
    const python = await workshop.open({ stdin: () => null });
    const source = 'try:\n  input()\nexcept EOFError:\n  print("end")';
    claimEqual(await python.printed(source), 'end\n');
  },

  'a long answer arrives whole': async (workshop) => {
    const long = 'ä'.repeat(200_000);
    const python = await workshop.open({ stdin: () => `${long}\n` });
    claimEqual(await python.printed('print(len(input()))'), '200000\n');
  },

  'an answer of several lines is read line by line': async (workshop) => {
    const pieces = ['one\ntwo\nth', 'ree\n'];
    const python = await workshop.open({ stdin: () => pieces.shift() ?? null });
    const source = 'import sys\nprint([line.strip() for line in sys.stdin])';
    claimEqual(await python.printed(source), "['one', 'two', 'three']\n");
  },

  'a source of input that fails is an OSError to the guest, a fault to the page': async (
    workshop,
  ) => {
    const faults: unknown[] = [];
    const python = await workshop.open({
      stdin: () => Promise.reject(new Error('the secret of the page')),
      onFault: (fault) => faults.push(fault),
    });
    const source = 'try:\n  input()\nexcept OSError as error:\n  print(error)';
    const text = await python.printed(source);
    claim(text.startsWith('[Errno ') && !text.includes('secret'), text);
    claimEqual(faults.length, 1);
  },
};
