import { row as coldStart } from './cold-start.mjs';
import { row as hostCall } from './host-call.mjs';
import { row as mainThread } from './main-thread.mjs';
import { row as start } from './start.mjs';
import { row as volumes } from './volumes.mjs';

/** What is measured, in Chromium and in Node alike unless the row says where. */
export const rows = [hostCall, mainThread, start, coldStart, volumes];
