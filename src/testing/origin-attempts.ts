/** Attempts to get round the origin policy: each one a program, told as a claim about what becomes of it. */
import { expect } from 'vitest';
import { MemoryVolume } from '../volume/memory-volume';
import { guestIt as it, type OpenedSandbox } from './guest-test';

export interface Attempt {
  /** More of the module `evil`, which may not run in the extent. It is imported, and so runs, before it. */
  readonly evil?: string;
  /** What the program does before the extent; by then it has imported `evil` and `journal`. */
  readonly before?: string;
  /** What it does in the extent; `evil.act()` if it says nothing. */
  readonly inside?: string;
  /** What it does when the extent is over. */
  readonly after?: string;
  /** The modules that may not run there; `evil` if it says nothing. */
  readonly deny?: readonly string[];
  /** The module that the error names; the first of `deny` if it says nothing. */
  readonly culprit?: string;
  /** Where what calls the code swallows its exceptions: that it did not run is all that can be seen. */
  readonly isQuiet?: boolean;
  /** Other modules. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A module that may run: what refused code would have done is seen in `marks`. */
const journal = `
marks = []
def note(*args, **kwargs):
    marks.append('ran')
    return 0
def idle(*args, **kwargs):
    return 0
def call(function, *args):
    return function(*args)
`;

const evil = `
import journal, sys, types
def act(*args, **kwargs):
    journal.marks.append('ran')
    return 0
SOURCE = '''
import journal
def act(*args, **kwargs):
    journal.marks.append('ran')
    return 0
'''
`;

const indented = (source: string): string => source.trim().replaceAll('\n', '\n    ');

const program = ({
  before = '',
  inside = 'evil.act()',
  after = '',
  deny = ['evil'],
}: Attempt): string => `
import glovebox, journal, evil, sys
${before}
def attempt():
    ${indented(inside)}
refusal = None
try:
    with glovebox.restrict(deny=${JSON.stringify(deny)}):
        attempt()
    ${indented(after)}
except glovebox.PolicyError as error:
    refusal = error
finally:
    ran = journal.marks[:]
    sys.settrace(None)
    sys.setprofile(None)
`;

/** A sandbox with the modules. */
export function openWith(
  open: (options: { mounts: Record<string, MemoryVolume> }) => Promise<OpenedSandbox>,
  files: Readonly<Record<string, string>>,
): Promise<OpenedSandbox> {
  return open({ mounts: { '/home': MemoryVolume.from({ 'journal.py': journal, ...files }) } });
}

/** A test for each attempt: nothing of the module has run, and the error tells which it was. */
export function refuse(attempts: Readonly<Record<string, Attempt>>): void {
  for (const [title, attempt] of Object.entries(attempts)) {
    it(title, async ({ open }) => {
      const python = await openWith(open, {
        'evil.py': evil + (attempt.evil ?? ''),
        ...attempt.files,
      });
      const outcome = await python.run(program(attempt));
      expect(outcome.status, python.stderr).toBe('ok');
      expect(await python.sandbox.evaluate('ran')).toEqual([]);
      if (attempt.isQuiet) return;
      const culprit = await python.sandbox.evaluate('refusal and refusal.module');
      expect(culprit).toBe(attempt.culprit ?? attempt.deny?.[0] ?? 'evil');
    });
  }
}
