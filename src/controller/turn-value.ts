/** What a turn that was to give a value has given. */
import { unmarshal } from '../capability/unmarshal';
import type { GuestValue } from '../capability/value';
import { EvaluationError, ValueError } from '../errors';
import type { Session } from './session';
import type { TurnTaken } from './turns';

/** What the guest has a handle of is the page's own object. Throws `EvaluationError` where there is none. */
export function turnValue({ outcome, value }: TurnTaken, session: Session | undefined): GuestValue {
  if (outcome.status === 'ok') {
    const objectOf = (id: bigint): object => {
      const object = session?.context.desk.handles.find(id)?.object;
      if (object === undefined) throw new ValueError('a handle of no object');
      return object;
    };
    return value === undefined ? null : unmarshal(value, { objectOf });
  }
  if ('error' in outcome) {
    const { type, message, traceback } = outcome.error;
    throw new EvaluationError(type, message, traceback);
  }
  throw new EvaluationError(outcome.status, '', '');
}
