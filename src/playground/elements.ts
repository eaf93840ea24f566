/** Registers the elements that a page can embed. */
import '../editor/define-editor';
