/** Registers the elements that see inside: what `glovebox/inspect` is. */
import './glovebox-account';
import './glovebox-error';
import './glovebox-gauges';
import './glovebox-timeline';
import './glovebox-variables';

export { type Note, noteFor } from '../terminal/outcome-note';
export { AccountElement } from './account-element';
export { ErrorElement } from './error-element';
export { type Explanation, explainError, type Place } from './explain';
export { GaugesElement } from './gauges-element';
export { TimelineElement } from './timeline-element';
export { VariablesElement } from './variables-element';
