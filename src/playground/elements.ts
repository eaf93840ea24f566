/** Registers the elements that a page can embed. */
import '../editor/define-editor';

export { type EditorEventMap, GloveboxEditor } from '../editor/editor-element';
