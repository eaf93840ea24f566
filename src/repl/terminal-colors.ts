/** The terminal's colours, which the page's CSS decides: read from elements that have them. */
import type { ITheme } from '@xterm/xterm';
import { html, type TemplateResult } from 'lit';

/** By xterm's names: the CSS that the element's style sheet has for it. */
const COLORS = {
  background: 'var(--_surface)',
  foreground: 'var(--_text)',
  cursor: 'var(--_accent)',
  cursorAccent: 'var(--_surface)',
  selectionBackground: 'light-dark(#b6d7ff, #264f78)',
  black: 'light-dark(#24292f, #484f58)',
  red: 'light-dark(#b3202a, #ff7b72)',
  green: 'light-dark(#116329, #3fb950)',
  yellow: 'light-dark(#7a4d00, #d29922)',
  blue: 'light-dark(#0550ae, #79c0ff)',
  magenta: 'light-dark(#8250df, #d2a8ff)',
  cyan: 'light-dark(#1b6b75, #56d4dd)',
  white: 'light-dark(#57606a, #b1bac4)',
  brightBlack: 'light-dark(#57606a, #8b949e)',
  brightRed: 'light-dark(#a40e26, #ffa198)',
  brightGreen: 'light-dark(#1a7f37, #56d364)',
  brightYellow: 'light-dark(#633c01, #e3b341)',
  brightBlue: 'light-dark(#0969da, #a5d6ff)',
  brightMagenta: 'light-dark(#7c3aed, #e2c5ff)',
  brightCyan: 'light-dark(#3192aa, #b3f0ff)',
  brightWhite: 'light-dark(#24292f, #f0f6fc)',
} as const satisfies Partial<Record<keyof ITheme, string>>;

/** Elements that nobody sees. `onChange`: the page's CSS has other colours now. */
export function colorProbes(onChange: () => void): TemplateResult {
  const probes = Object.entries(COLORS).map(
    ([name, color]) => html`<i data-color=${name} .style=${`color: ${color}`}></i>`,
  );
  return html`<div class="probes" aria-hidden="true" @transitionend=${onChange}>${probes}</div>`;
}

export function themeIn(root: ParentNode): ITheme {
  const theme: Partial<Record<string, string>> = {};
  for (const probe of root.querySelectorAll<HTMLElement>('[data-color]')) {
    const { color = '' } = probe.dataset;
    theme[color] = getComputedStyle(probe).color;
  }
  return theme;
}
