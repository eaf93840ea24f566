/** What a row of the variables looks like. */
import { html, nothing, type TemplateResult } from 'lit';
import { shownLine } from '../terminal/shown-text';
import { formatCount, formatSize } from '../terminal/units';
import type { VariableRow } from './variable-tree';

/** As much as the guest gives of one thing. */
const MOST_TEXT = 400;

/** Keys hold any text; an id can't have blanks, which divide ids where they are referred to. */
export function rowId({ key }: VariableRow): string {
  return `row-${encodeURIComponent(key.toWellFormed())}`;
}

export const headTemplate = html`<div class="row head" role="row">
  <span role="columnheader">name</span>
  <span class="type" role="columnheader">type</span>
  <span role="columnheader">value</span>
  <span class="size" role="columnheader">size</span>
</div>`;

export function rowTemplate(row: VariableRow, isActive: boolean): TemplateResult {
  const { node, more, level, isOpen, isChanged, key } = row;
  const active = isActive ? 'active' : '';
  if (node === undefined) {
    return html`<div
      class="row more ${active}"
      role="row"
      id=${rowId(row)}
      aria-level=${level}
      data-key=${key}
    >
      <span class="label" role="gridcell" data-level=${level}>
        <span class="indent"></span><span class="arrow"></span>
        ${formatCount(more ?? 0)} more …
      </span>
    </div>`;
  }
  return html`<div
    class="row ${node.opens ? 'opens' : ''} ${isChanged ? 'changed' : ''} ${active}"
    role="row"
    id=${rowId(row)}
    aria-level=${level}
    aria-expanded=${node.opens ? isOpen : nothing}
    data-key=${key}
  >
    <span class="label" role="rowheader" data-level=${level}>
      <span class="indent"></span>
      <span class="arrow" aria-hidden="true">${node.opens ? (isOpen ? '▾' : '▸') : ''}</span>
      <span class="name">${shownLine(node.label, MOST_TEXT)}</span>
      ${isChanged ? html`<span class="hidden">changed</span>` : nothing}
    </span>
    <span class="type" role="gridcell">${shownLine(node.type, MOST_TEXT)}</span>
    <span class="text" role="gridcell">${shownLine(node.text, MOST_TEXT)}</span>
    <span class="size" role="gridcell">
      ${node.size === undefined ? '' : formatSize(node.size, node.unit)}
    </span>
  </div>`;
}
