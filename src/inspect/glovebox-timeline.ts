import { TimelineElement } from './timeline-element';

customElements.define('glovebox-timeline', TimelineElement);
