import { describe, expect, test } from 'vitest';
import { FakeScreen } from '../testing/fake-screen';
import { Terminal, type TerminalHolder } from './terminal';
import { usualMode } from './terminal-mode';

const utf8 = new TextEncoder();
const ICANON_ECHO = 0o12;
const ISIG = 0o1;

function open(holder: Partial<TerminalHolder> = {}): { terminal: Terminal; screen: FakeScreen } {
  const screen = new FakeScreen();
  const terminal = new Terminal(screen);
  const nothing = (): void => undefined;
  terminal.holder = {
    onKeys: () => false,
    ...{ onInterrupt: nothing, onReading: nothing, onOutput: nothing, onResize: nothing },
    ...holder,
  };
  return { terminal, screen };
}

function withoutLines(terminal: Terminal, more = 0): void {
  const { terminalDevice } = terminal.attachment;
  if (terminalDevice === undefined) throw new Error('no device');
  const mode = usualMode();
  terminalDevice.mode = { ...mode, local: mode.local & ~(ICANON_ECHO | more) };
}

describe('a terminal', () => {
  test('gives lines as they are typed, and what was typed ahead', async () => {
    const { terminal, screen } = open();
    terminal.type('one\rtwo\r');
    const { stdin } = terminal.attachment;
    expect([await stdin?.(), await stdin?.()]).toEqual(['one\n', 'two\n']);
    expect(screen.text).toBe('one\ntwo\n');
  });

  test('gives key by key where a program asked for that, unseen', async () => {
    const { terminal, screen } = open();
    withoutLines(terminal);
    terminal.type('a🙂\r');
    const { stdin } = terminal.attachment;
    expect([await stdin?.(), await stdin?.(), await stdin?.()]).toEqual(['a', '🙂', '\n']);
    expect(screen.text).toBe('');
  });

  test('leaves to the one who holds it what nobody reads', () => {
    const taken: string[] = [];
    const { terminal } = open({ onKeys: (keys) => taken.push(keys) > 0 });
    terminal.type('a\u0003');
    expect([taken, terminal.takeTyped()]).toEqual([['a\u0003'], '']);
  });

  test('interrupts at Ctrl-C, and forgets what was typed before', () => {
    let interrupts = 0;
    const { terminal } = open({ onInterrupt: () => void interrupts++ });
    terminal.type('ab');
    terminal.type('c\u0003d');
    expect([interrupts, terminal.takeTyped()]).toEqual([1, 'd']);
  });

  test('gives Ctrl-C as a key where a program asked for that', async () => {
    const { terminal } = open({ onInterrupt: () => expect.unreachable() });
    withoutLines(terminal, ISIG);
    terminal.type('\u0003');
    expect(await terminal.attachment.stdin?.()).toBe('\u0003');
  });

  test('tells whether what is typed is waited for', async () => {
    const told: boolean[] = [];
    const { terminal } = open({ onReading: (isReading) => told.push(isReading) });
    const line = terminal.attachment.stdin?.();
    expect(told).toEqual([true]);
    terminal.type('x\r');
    await line;
    expect(told).toEqual([true, false]);
  });

  test('begins a line at its left, and knows whether it is there', () => {
    const { terminal, screen } = open();
    terminal.attachment.onOutput?.(utf8.encode('a\nb'), 'stdout');
    expect([screen.text, terminal.isAtLineStart]).toEqual(['a\nb', false]);
    terminal.attachment.onOutput?.(utf8.encode('\n'), 'stdout');
    expect([screen.cursor, terminal.isAtLineStart]).toEqual([[0, 2], true]);
  });

  test('keeps no more of what is typed than there is room for', () => {
    const { terminal } = open();
    terminal.type('x'.repeat(5_000_000));
    expect(terminal.takeTyped().length).toBe(4 * 1024 * 1024);
  });

  test('has a size that an editor can live with', () => {
    const { terminal, screen } = open();
    screen.columns = 1;
    screen.rows = 0;
    expect([terminal.columns, terminal.rows]).toEqual([16, 2]);
  });
});
