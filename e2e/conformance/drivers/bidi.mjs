/** The few commands of WebDriver BiDi that the tests need, over its WebSocket. */
import { WebSocket } from 'ws';

const ANSWER_MS = 60_000;

/**
 * @typedef {{ resolve: (result: any) => void, reject: (error: Error) => void }} Waiter
 */

/** @param {string} address */
export async function connect(address) {
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  /** @type {Map<number, Waiter>} */
  const waiters = new Map();
  let last = 0;
  socket.on('message', (data) => {
    const { id, type, result, error, message } = JSON.parse(String(data));
    const waiter = waiters.get(id);
    waiters.delete(id);
    if (type === 'success') waiter?.resolve(result);
    else waiter?.reject(new Error(`${error}: ${message}`));
  });
  socket.on('close', () => {
    for (const { reject } of waiters.values()) reject(new Error('the browser has gone'));
    waiters.clear();
  });
  return {
    /**
     * @param {string} method
     * @param {object} params
     * @returns {Promise<any>} what the specification of `method` says
     */
    send(method, params) {
      const id = ++last;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiters.delete(id);
          reject(new Error(`${method} had no answer`));
        }, ANSWER_MS);
        waiters.set(id, {
          resolve(result) {
            clearTimeout(timer);
            resolve(result);
          },
          reject(error) {
            clearTimeout(timer);
            reject(error);
          },
        });
        socket.send(JSON.stringify({ id, method, params }));
      });
    },
    close: () => socket.close(),
  };
}
