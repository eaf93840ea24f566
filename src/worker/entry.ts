/** What a page's worker runs. */
import { expose } from 'comlink';
import { Guest } from './guest';

expose(new Guest());
