/** For the channel's tests: calls as it is told to, and reports each reply. */
import { parentPort, workerData } from 'node:worker_threads';
import { SharedCaller } from '../channel/shared';

const caller = new SharedCaller(workerData as SharedArrayBuffer);

parentPort?.on('message', (order: { request: Uint8Array; times: number } | 'signals') => {
  if (order === 'signals') {
    parentPort?.postMessage(caller.takeSignals());
    return;
  }
  let reply = new Uint8Array(0);
  for (let time = 0; time < order.times; time++) reply = caller.call(order.request).slice();
  parentPort?.postMessage(reply);
});
