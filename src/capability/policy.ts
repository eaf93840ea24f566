/** Who may do what: asked for each use of a capability, after its arguments were checked. */
import type { Call } from './method';

/** `forbid`: never. `unauthorized`: not this actor, or not now. The guest can tell one from the other. */
export type Decision = 'allow' | 'forbid' | 'unauthorized';

/**
 * Decides at once or later: while it makes up its mind, asking a user perhaps, the guest waits and its clocks stand
 * still. One that throws forbids.
 */
export type Policy = (call: Call) => Decision | Promise<Decision>;
