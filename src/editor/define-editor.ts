/** Registers `<glovebox-editor>`, and what it is made of. */
import '../repl/define-terminal';
import { GloveboxEditor } from './editor-element';

if (customElements.get('glovebox-editor') === undefined) {
  customElements.define('glovebox-editor', GloveboxEditor);
}

declare global {
  interface HTMLElementTagNameMap {
    'glovebox-editor': GloveboxEditor;
  }
}
