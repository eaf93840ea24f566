/** What a guest asks of its capabilities: messages there and back, whose meaning the desk knows. */
import { FileError } from '../../protocol/errno';
import { isLater, type Maybe } from '../../protocol/maybe';
import type { Handlers, HostContext } from './context';

const NOTHING = new Uint8Array(0);

export function capabilityCalls(
  context: HostContext,
): Pick<Handlers, 'capability_call' | 'capability_rest'> {
  const { desk, interruption } = context;
  /** Of the last message, until it is fetched. */
  let answer: Maybe<Uint8Array> | undefined;

  const deliver = (bytes: Uint8Array, room: number): Uint8Array => {
    if (bytes.length > room) {
      answer = bytes;
      return NOTHING;
    }
    answer = undefined;
    return bytes;
  };
  const give = (room: number): Maybe<Uint8Array> => {
    if (answer === undefined) throw new FileError('EINVAL', 'there is no answer');
    if (!isLater(answer)) return deliver(answer, room);
    // EINTR: the guest may do what it has to, and then come for the rest.
    return interruption.wait(answer).then((bytes) => deliver(bytes, room));
  };

  return {
    capability_call: ({ request, into }) => {
      answer = desk.answer(request);
      return give(into);
    },
    capability_rest: ({ into }) => give(into),
  };
}
