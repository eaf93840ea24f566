/** For the channel's tests: calls as it is told to, and reports each reply. */
import { parentPort, workerData } from 'node:worker_threads';
import { SharedCaller } from '../channel/shared';
import type { Reply } from '../protocol/frame';

const caller = new SharedCaller(workerData as SharedArrayBuffer);

parentPort?.on('message', (order: { request: Uint8Array; times: number } | 'signals') => {
  if (order === 'signals') {
    parentPort?.postMessage(caller.takeSignals());
    return;
  }
  let last: Reply | undefined;
  for (let time = 0; time < order.times; time++) {
    const { errno, payload, awaitArrival } = caller.call(order.request);
    awaitArrival?.(payload.length);
    last = { errno, payload: payload.slice() };
  }
  parentPort?.postMessage(last);
});
