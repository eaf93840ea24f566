/** The few signs on buttons; their names are read from the buttons themselves. */
import { html, svg, type TemplateResult } from 'lit';

const shapes = {
  run: svg`<path d="M5 3.5v9l7.5-4.5z" fill="currentColor" />`,
  stop: svg`<rect x="4" y="4" width="8" height="8" rx="1" fill="currentColor" />`,
  restart: svg`<path d="M12.5 5.5A5 5 0 1 0 13 8M13 2.5v3.2H9.8" />`,
  close: svg`<path d="m4.5 4.5 7 7m0-7-7 7" />`,
  more: svg`<path d="M3.5 8h.01M8 8h.01M12.5 8h.01" stroke-width="2.5" />`,
  down: svg`<path d="m4 6 4 4 4-4" />`,
  file: svg`<path d="M4 2h5l3 3v9H4zM9 2v3h3" />`,
  'new-file': svg`<path d="M12 8V5L9 2H4v12h4M9 2v3h3M11.5 10.5v4m-2-2h4" />`,
  'new-folder': svg`<path d="M14 8V4.5H8L6.5 3H2v10h6M11.5 10v4m-2-2h4" />`,
  folder: svg`<path d="M2 3h4.5L8 4.5h6V13H2z" />`,
  upload: svg`<path d="M8 10.5V3M5 5.5 8 2.5l3 3M3 10v3.5h10V10" />`,
  download: svg`<path d="M8 2.5V10M5 7.5l3 3 3-3M3 10.5v3h10v-3" />`,
  rename: svg`<path d="M3 13h2.5L13 5.5 10.5 3 3 10.5zM9 4.5 11.5 7" />`,
  delete: svg`<path d="M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.5 9h6l.5-9M7 7v4m2-4v4" />`,
  share: svg`<path d="M8 9.5V2.5M5.5 4.5 8 2l2.5 2.5M5 7H3.5v7h9V7H11" />`,
  help: svg`<circle cx="8" cy="8" r="6" /><path d="M6.3 6.3c.2-2 3.4-1.9 3.4 0 0 1.2-1.7 1.3-1.7 2.7M8 11.2v.1" />`,
  light: svg`<circle cx="8" cy="8" r="2.8" /><path d="M8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7m7.8 7.8.7.7m0-9.2-.7.7m-7.8 7.8-.7.7" />`,
  dark: svg`<path d="M13 9.5A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5z" />`,
  auto: svg`<circle cx="8" cy="8" r="5.5" /><path d="M8 2.5v11a5.5 5.5 0 0 0 0-11z" fill="currentColor" />`,
} as const;

export type IconName = keyof typeof shapes;

export function icon(name: IconName): TemplateResult {
  return html`<svg viewBox="0 0 16 16" aria-hidden="true">${shapes[name]}</svg>`;
}
