/** How the text of programs looks: colours from the page's theme, so light and dark need no second set. */
import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const keyword = 'var(--glovebox-syntax-keyword, light-dark(#8a3ab0, #d9a0f5))';
const text = 'var(--glovebox-syntax-string, light-dark(#1a6e35, #8fd6a0))';
const number = 'var(--glovebox-syntax-number, light-dark(#1f5fbf, #82b1ff))';
const comment = 'var(--glovebox-syntax-comment, light-dark(#59635e, #9aa49f))';
const definition = 'var(--glovebox-syntax-definition, light-dark(#0b6375, #67d0e0))';
const builtin = 'var(--glovebox-syntax-builtin, light-dark(#8a5a00, #f0b64d))';

export const highlighting = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: keyword },
  { tag: [tags.string, tags.special(tags.string)], color: text },
  { tag: [tags.number, tags.bool, tags.null], color: number },
  { tag: tags.comment, color: comment, fontStyle: 'italic' },
  {
    tag: [
      tags.definition(tags.function(tags.variableName)),
      tags.definition(tags.className),
      tags.function(tags.variableName),
    ],
    color: definition,
  },
  { tag: [tags.standard(tags.variableName), tags.meta, tags.escape], color: builtin },
  { tag: tags.invalid, color: 'var(--_error)' },
]);

const popup = {
  border: '1px solid var(--_border)',
  borderRadius: '0.375rem',
  backgroundColor: 'var(--_surface)',
  color: 'var(--_text)',
  boxShadow: '0 4px 16px rgb(0 0 0 / 18%)',
};

export const codeTheme = EditorView.theme({
  '&': {
    height: '100%',
    backgroundColor: 'var(--_surface)',
    color: 'var(--_text)',
    fontSize: 'var(--glovebox-code-size, 13.5px)',
  },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--_font-mono)', lineHeight: '1.55' },
  '.cm-content': { padding: '0.5rem 0', caretColor: 'var(--_accent)' },
  '.cm-line': { padding: '0 0.75rem 0 0.375rem' },
  '.cm-cursor': { borderLeft: '2px solid var(--_accent)' },
  '.cm-gutters': {
    border: 'none',
    backgroundColor: 'transparent',
    color: 'var(--_muted)',
  },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 0.25rem 0 0.75rem', minWidth: '2.25rem' },
  '.cm-activeLine': { backgroundColor: 'var(--_hover)' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--_text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, ::selection':
    { backgroundColor: 'color-mix(in srgb, var(--_accent) 26%, transparent)' },
  '&.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--_selected)',
    outline: '1px solid var(--_accent)',
  },
  '.cm-selectionMatch': { backgroundColor: 'var(--_selected)' },
  '.cm-foldPlaceholder': {
    border: '1px solid var(--_border)',
    backgroundColor: 'var(--_background)',
    color: 'var(--_muted)',
  },
  '.cm-tooltip': popup,
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    maxHeight: '14em',
    fontFamily: 'var(--_font-mono)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '0.125rem 0.5rem' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--_accent)',
    color: 'var(--_on-accent)',
  },
  '.cm-completionDetail': { fontStyle: 'normal', opacity: '0.75' },
  '.cm-completionInfo': { ...popup, padding: '0.375rem 0.625rem', fontFamily: 'var(--_font-ui)' },
  '.cm-diagnostic': { padding: '0.25rem 0.625rem', fontFamily: 'var(--_font-ui)' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--_error)' },
  '.cm-diagnostic-warning': { borderLeft: '3px solid var(--_warning)' },
  '.cm-panels': { backgroundColor: 'var(--_background)', color: 'var(--_text)' },
  '.cm-panels-bottom': { borderTop: '1px solid var(--_border)' },
  '.cm-textfield': {
    border: '1px solid var(--_border)',
    backgroundColor: 'var(--_surface)',
    color: 'var(--_text)',
  },
  '.cm-button': {
    border: '1px solid var(--_border)',
    backgroundColor: 'var(--_surface)',
    backgroundImage: 'none',
    color: 'var(--_text)',
  },
  '.cm-failedLine': { backgroundColor: 'color-mix(in srgb, var(--_error) 13%, transparent)' },
  '.cm-failure': {
    marginLeft: '2ch',
    color: 'var(--_error)',
    fontFamily: 'var(--_font-ui)',
    fontSize: '0.92em',
    whiteSpace: 'pre-wrap',
  },
});
