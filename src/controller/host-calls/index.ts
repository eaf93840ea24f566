/** The handlers of all host calls: one that the table has and nothing here answers won't compile. */
import { capabilityCalls } from './capabilities';
import { contentCalls } from './content';
import type { Handlers, HostContext } from './context';
import { descriptorCalls } from './descriptors';
import { pathCalls } from './paths';
import { processCalls, socketCalls } from './process';
import { timeCalls } from './time';

export function createHandlers(context: HostContext): Handlers {
  return {
    ...capabilityCalls(context),
    ...contentCalls(context),
    ...descriptorCalls(context),
    ...pathCalls(context),
    ...processCalls(context),
    ...socketCalls(context),
    ...timeCalls(context),
  };
}
