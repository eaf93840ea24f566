/** What the keyboard can do, by where it works. */
const mod = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '') ? '⌘' : 'Ctrl';

export const keyboardHelp: readonly (readonly [keys: string, does: string])[] = [
  [`${mod}+Enter`, 'runs the program'],
  [`${mod}+Shift+Enter`, 'runs the selected lines'],
  [`${mod}+.`, 'stops what runs, in the editor'],
  ['Ctrl+C', 'stops what runs, in the console'],
  ['Tab, ↑, Ctrl+R', 'complete, bring back, search, in the console'],
  ['Shift+Tab', 'leaves the console'],
  [`${mod}+Space`, 'completes a word'],
  ['F8', 'goes to the next mistake'],
  [`${mod}+F`, 'finds, and replaces'],
  ['Esc, then Tab', 'leaves the editor'],
  ['F2, Del, Enter', 'rename, delete or open, in the files'],
  ['← →', 'move a line between two panes that has the focus'],
];
