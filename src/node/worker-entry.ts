/** What a Node worker runs. */
import { parentPort } from 'node:worker_threads';
import { expose } from 'comlink';
import { Guest } from '../worker/guest';
import { nodeEndpoint } from './endpoint';

if (parentPort !== null) expose(new Guest(), nodeEndpoint(parentPort));
