/**
 * Where the answer to a call goes in the guest's memory: the places are checked before the call is made,
 * and nothing is written anywhere else.
 */
import type { Reply } from '../protocol/frame';
import { ARRIVAL_BYTES } from '../protocol/numbers';
import { EVENT_BYTES, FDSTAT_BYTES, FILESTAT_BYTES, PRESTAT_BYTES } from '../protocol/records';
import type { ResultKind } from '../protocol/table';
import type { GuestMemory, GuestRange } from './guest-memory';

/** Where the bytes of an answer go. Every range has been checked. */
export type Destination =
  | { readonly kind: 'ranges'; readonly ranges: readonly GuestRange[]; readonly room: number }
  | { readonly kind: 'strings'; readonly pointers: number; readonly text: number };

/** The results that are always of one size. */
const RESULT_BYTES: Partial<Record<ResultKind, number>> = {
  none: 0,
  pair: 8,
  u32: 4,
  u64: 8,
  fdstat: FDSTAT_BYTES,
  filestat: FILESTAT_BYTES,
  prestat: PRESTAT_BYTES,
};

/** The places of the result, checked before the call is made: its effect must not be lost. */
export function resultRanges(
  guest: GuestMemory,
  kind: ResultKind,
  values: readonly (number | bigint)[],
  taken: number,
): GuestRange[] {
  const at = (index: number, bytes: number): GuestRange =>
    guest.range(Number(values[taken + index]), bytes);
  switch (kind) {
    case 'none':
    case 'filled':
    case 'strings':
      return [];
    case 'sized':
    case 'events':
      return [at(0, 4)];
    case 'pair':
      return [at(0, 4), at(1, 4)];
    case 'received':
      return [at(0, 4), at(1, 2)];
    default:
      return [at(0, RESULT_BYTES[kind] ?? 0)];
  }
}

export function fits(
  kind: ResultKind,
  destination: Destination | undefined,
  bytes: number,
): boolean {
  const exactly = RESULT_BYTES[kind];
  if (exactly !== undefined) return bytes === exactly;
  return destination?.kind === 'strings' || bytes <= (destination?.room ?? 0);
}

export function deliver(
  guest: GuestMemory,
  kind: ResultKind,
  destination: Destination | undefined,
  [first, second]: readonly GuestRange[],
  reply: Reply,
): void {
  const { payload } = reply;
  if (destination !== undefined) fill(guest, destination, reply);
  if (first === undefined) return;
  switch (kind) {
    case 'sized':
      guest.setU32(first, payload.length);
      break;
    case 'events':
      guest.setU32(first, payload.length / EVENT_BYTES);
      break;
    case 'received':
      guest.setU32(first, payload.length);
      if (second !== undefined) guest.setU16(second, 0);
      break;
    case 'pair':
      guest.put(first, 0, payload, 0, 4);
      if (second !== undefined) guest.put(second, 0, payload, 4, 8);
      break;
    default:
      guest.put(first, 0, payload, 0, payload.length);
  }
}

function fill(guest: GuestMemory, destination: Destination, reply: Reply): void {
  const { payload } = reply;
  switch (destination.kind) {
    case 'ranges': {
      let offset = 0;
      for (const range of destination.ranges) {
        const end = Math.min(payload.length, offset + range.length);
        for (let done = 0; offset < end; ) {
          // Some at a time, while the rest of a long reply is still on its way.
          const next = Math.min(end, offset + ARRIVAL_BYTES);
          reply.awaitArrival?.(next);
          guest.put(range, done, payload, offset, next);
          done += next - offset;
          offset = next;
        }
      }
      break;
    }
    case 'strings': {
      reply.awaitArrival?.(payload.length);
      const text = guest.range(destination.text, payload.length);
      const starts = [0];
      for (let index = 0; index < payload.length - 1; index++) {
        if (payload[index] === 0) starts.push(index + 1);
      }
      const count = payload.length === 0 ? 0 : starts.length;
      const pointers = guest.range(destination.pointers, count * 4);
      guest.bytes(text).set(payload);
      for (let index = 0; index < count; index++) {
        guest.setU32(pointers, text.start + (starts[index] ?? 0), index * 4);
      }
      break;
    }
  }
}
