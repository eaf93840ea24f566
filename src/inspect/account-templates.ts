/** What a row, a detail and the counts of an account look like. */
import { html, nothing, type TemplateResult } from 'lit';
import type { AccountedCall } from '../controller/accounted-call';
import { capabilityUse } from '../controller/capability-use';
import { formatHostCall } from '../controller/host-call-text';
import { errnoName } from '../protocol/errno';
import { shownLine } from '../terminal/shown-text';
import { formatCount } from '../terminal/units';
import { type DetailLine, detailOf } from './call-detail';
import type { UseCount } from './use-summary';

/** Longer than a screen is wide. */
const MOST_LINE = 400;

/** How it ended: in words too, as colour alone tells nobody enough. */
function endOf(call: AccountedCall): { readonly text: string; readonly failed: boolean } {
  if (call.errno !== 0) return { text: errnoName(call.errno), failed: true };
  const use = capabilityUse(call);
  if (use === undefined) return { text: 'done', failed: false };
  return use.refusal === undefined
    ? { text: 'allowed', failed: false }
    : { text: 'refused', failed: true };
}

export const rowId = (call: AccountedCall): string => `call-${call.number}`;

export function rowTemplate(
  call: AccountedCall,
  index: number,
  active: number | undefined,
): TemplateResult {
  const { text, failed } = endOf(call);
  const isActive = call.number === active;
  return html`<div
    class="row ${failed ? 'failed' : 'done'} ${isActive ? 'active' : ''}"
    role="row"
    id=${rowId(call)}
    aria-rowindex=${index + 2}
    aria-selected=${isActive}
    data-number=${call.number}
  >
    <span class="number" role="gridcell">${call.number}</span>
    <span class="number when" role="gridcell">${call.atMs.toFixed(1)} ms</span>
    <span class="line" role="gridcell">${shownLine(formatHostCall(call), MOST_LINE)}</span>
    <span class="end" role="gridcell">${text}</span>
  </div>`;
}

export const headTemplate = html`<div class="row head" role="row" aria-rowindex="1">
  <span class="number" role="columnheader">no.</span>
  <span class="number when" role="columnheader">at</span>
  <span role="columnheader">call</span>
  <span class="end" role="columnheader">end</span>
</div>`;

export interface DetailActions {
  readonly copy: () => void;
  readonly close: () => void;
}

export function detailTemplate(call: AccountedCall, actions: DetailActions): TemplateResult {
  const { about, args, answer } = detailOf(call);
  return html`<section class="detail" aria-label="Host call ${call.number}" tabindex="-1">
    <header>
      <h3>${call.name}</h3>
      <span>
        <button type="button" @click=${actions.copy}>Copy as JSON</button>
        <button type="button" class="plain" @click=${actions.close}>Close</button>
      </span>
    </header>
    ${linesTemplate(about)}
    ${args.length === 0 ? nothing : html`<h4>Arguments</h4>${linesTemplate(args)}`}
    <h4>Answer</h4>
    ${linesTemplate(answer)}
  </section>`;
}

function linesTemplate(lines: readonly DetailLine[]): TemplateResult {
  return html`<dl>
    ${lines.map(
      ({ label, text }) =>
        html`<dt>${label}</dt>
          <dd>${text}</dd>`,
    )}
  </dl>`;
}

export function countsTemplate(counts: readonly UseCount[]): TemplateResult {
  if (counts.length === 0) {
    return html`<p class="empty">The program has not used any capability yet.</p>`;
  }
  const hasCaller = counts.some(({ caller }) => caller !== undefined);
  return html`<div class="counts" tabindex="0" role="region" aria-label="Capabilities that were used">
    <table>
      <thead>
        <tr>
          <th scope="col">capability</th>
          ${hasCaller ? html`<th scope="col">who</th>` : nothing}
          <th scope="col" class="number">uses</th>
          <th scope="col" class="number">refused</th>
          <th scope="col">last refusal</th>
        </tr>
      </thead>
      <tbody>
        ${counts.map(
          ({ what, caller, uses, refused, lastRefusal }) =>
            html`<tr>
              <td><code>${what}</code></td>
              ${hasCaller ? html`<td>${shownLine(caller ?? '', 80)}</td>` : nothing}
              <td class="number">${formatCount(uses)}</td>
              <td class="number">${formatCount(refused)}</td>
              <td>${lastRefusal ?? ''}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
