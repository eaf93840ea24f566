import { GaugesElement } from './gauges-element';

customElements.define('glovebox-gauges', GaugesElement);
