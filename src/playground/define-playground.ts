/** Registers `<glovebox-playground>`, and what it is made of. */
import '../editor/define-editor';
import { PlaygroundDialog } from './dialog-element';
import { PlaygroundFiles } from './files-element';
import { PlaygroundMenu } from './menu-element';
import { GloveboxPlayground } from './playground-element';
import { PlaygroundSplitter } from './splitter-element';

customElements.define('playground-dialog', PlaygroundDialog);
customElements.define('playground-files', PlaygroundFiles);
customElements.define('playground-menu', PlaygroundMenu);
customElements.define('playground-splitter', PlaygroundSplitter);
customElements.define('glovebox-playground', GloveboxPlayground);
