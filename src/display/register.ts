/** Makes `<glovebox-display>` known to the page: what `glovebox/display` is. */
import { DisplayElement } from './display-element';
import { DrawingView } from './drawing-view';

declare global {
  interface HTMLElementTagNameMap {
    'glovebox-display': DisplayElement;
    'glovebox-drawing': DrawingView;
  }
}

if (customElements.get('glovebox-display') === undefined) {
  customElements.define('glovebox-drawing', DrawingView);
  customElements.define('glovebox-display', DisplayElement);
}

export * from './index';
