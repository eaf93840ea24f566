/** What this terminal heeds of a mode, in the numbers of Linux's termios; the rest is only kept. */
import type { TerminalMode } from '../capability/terminal-device';

const ICRNL = 0o400;
const OPOST = 0o1;
const ONLCR = 0o4;
const ISIG = 0o1;
const ICANON = 0o2;
const ECHO = 0o10;

const IXON_IUTF8 = 0o2000 | 0o40000;
const CS8_CREAD = 0o60 | 0o200;
/** ECHOE, ECHOK, ECHOCTL, ECHOKE, IEXTEN. */
const ECHO_MORE = 0o20 | 0o40 | 0o1000 | 0o4000 | 0o100000;
const B38400 = 15;
/** ^C ^\ DEL ^U ^D, time 0, at least 1, … ^Q ^S ^Z, … ^R ^O ^W ^V. */
const CHARACTERS = [3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22];
const CHARACTER_PLACES = 32;

/** As a terminal is when nobody has set anything: lines, with echo. */
export function usualMode(): TerminalMode {
  const characters = new Uint8Array(CHARACTER_PLACES);
  characters.set(CHARACTERS);
  return {
    input: ICRNL | IXON_IUTF8,
    output: OPOST | ONLCR,
    control: CS8_CREAD | B38400,
    local: ISIG | ICANON | ECHO | ECHO_MORE,
    inputSpeed: B38400,
    outputSpeed: B38400,
    characters,
  };
}

/** Whether the reader gets whole lines, which can be edited until then. */
export const givesLines = ({ local }: TerminalMode): boolean => (local & ICANON) !== 0;
export const echoes = ({ local }: TerminalMode): boolean => (local & ECHO) !== 0;
/** Whether Ctrl-C interrupts, rather than to be read. */
export const interrupts = ({ local }: TerminalMode): boolean => (local & ISIG) !== 0;
/** Whether Enter is read as a line feed. */
export const readsReturnAsNewline = ({ input }: TerminalMode): boolean => (input & ICRNL) !== 0;
/** Whether a line feed that is written goes to the start of the next line. */
export const returnsAtNewline = ({ output }: TerminalMode): boolean =>
  (output & (OPOST | ONLCR)) === (OPOST | ONLCR);
