import { css } from 'lit';

export const displayStyles = css`
  :host {
    display: block;
    overflow: auto;
    color: var(--_text);
    background: var(--_surface);
    font: 15px/1.5 var(--_font-ui);
  }
  .items {
    display: grid;
    gap: 14px;
    padding: 14px;
    grid-template-columns: minmax(0, 1fr);
  }
  .items:empty {
    padding: 0;
  }
  .item {
    min-width: 0;
    overflow: hidden;
    contain: content;
    padding: 3px;
  }
  .muted {
    margin: 4px 0 0;
    font-size: 13px;
    color: var(--_muted);
  }
  .dropped {
    margin: 0;
    padding: 10px 17px 0;
  }
  pre {
    margin: 0;
    max-height: 320px;
    overflow: auto;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    font: 14px/1.5 var(--_font-mono);
  }
  pre.error {
    padding: 8px 12px;
    border-left: 3px solid var(--_error);
    color: var(--_error);
    background: var(--_background);
  }
  img {
    display: block;
    max-width: 100%;
    height: auto;
    max-height: 720px;
    object-fit: contain;
    object-position: left top;
  }
  img.svg {
    min-width: 48px;
    color-scheme: inherit;
  }
  iframe {
    box-sizing: border-box;
    width: 100%;
    min-height: 40px;
    max-height: 720px;
    border: 1px solid var(--_border);
    border-radius: 6px;
    resize: vertical;
  }
  .table {
    max-height: 420px;
    overflow: auto;
    width: fit-content;
    max-width: 100%;
    border: 1px solid var(--_border);
    border-radius: 6px;
  }
  table {
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }
  caption {
    padding: 8px 12px;
    font-weight: 600;
    text-align: left;
  }
  th,
  td {
    padding: 5px 14px;
    text-align: left;
    vertical-align: top;
    max-width: 420px;
    overflow-wrap: anywhere;
  }
  td {
    border-top: 1px solid var(--_border);
  }
  th {
    position: sticky;
    top: 0;
    font-weight: 600;
    white-space: nowrap;
    background: var(--_background);
  }
  .number,
  .right {
    text-align: right;
  }
  .center {
    text-align: center;
  }
  .formula {
    padding: 6px 2px;
    overflow: auto hidden;
    font-size: 18px;
  }
  .markdown > :first-child {
    margin-top: 0;
  }
  .markdown > :last-child {
    margin-bottom: 0;
  }
  .markdown h3 {
    margin: 20px 0 8px;
    font-size: 22px;
    line-height: 1.3;
  }
  .markdown h4 {
    margin: 18px 0 6px;
    font-size: 18px;
  }
  .markdown h5 {
    margin: 16px 0 4px;
    font-size: 15px;
  }
  .markdown p {
    margin: 8px 0;
  }
  .markdown :is(p, li, td) math[display='block'] {
    margin: 10px 0;
  }
  .markdown code {
    padding: 1px 5px;
    border-radius: 4px;
    font: 0.92em var(--_font-mono);
    background: var(--_background);
  }
  .markdown pre {
    margin: 10px 0;
    padding: 10px 14px;
    border-radius: 6px;
    background: var(--_background);
  }
  .markdown pre code {
    padding: 0;
  }
  .markdown blockquote {
    margin: 10px 0;
    padding: 0 14px;
    border-left: 3px solid var(--_border);
    color: var(--_muted);
  }
  .markdown ul,
  .markdown ol {
    padding-left: 24px;
  }
  .markdown hr {
    border: 0;
    border-top: 1px solid var(--_border);
  }
  .markdown table {
    border: 1px solid var(--_border);
  }
  a {
    color: var(--_accent);
  }
  .question {
    position: sticky;
    bottom: 0;
    margin: 0 14px 14px;
    padding: 14px 16px;
    border: 1px solid var(--_border);
    border-radius: 8px;
    background: var(--_background);
    box-shadow: 0 6px 24px rgb(0 0 0 / 18%);
  }
  .question h2 {
    margin: 0 0 8px;
    font-size: 16px;
  }
  .question p {
    margin: 0;
  }
  .question [role='alert'] {
    min-height: 20px;
    color: var(--_error);
    font-size: 13px;
  }
  .question input {
    display: block;
    box-sizing: border-box;
    width: 100%;
    margin-top: 6px;
    padding: 6px 10px;
    font: inherit;
    color: inherit;
    border: 1px solid var(--_border);
    border-radius: 6px;
    background: var(--_surface);
  }
  .question button {
    padding: 5px 16px;
    font: inherit;
    color: inherit;
    border: 1px solid var(--_border);
    border-radius: 6px;
    background: var(--_surface);
    cursor: pointer;
  }
  .question button[type='submit'] {
    color: var(--_on-accent);
    border-color: transparent;
    background: var(--_accent);
  }
`;
