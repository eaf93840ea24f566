import { row as capability } from './capability.mjs';
import { row as coldStart } from './cold-start.mjs';
import { row as hostCall } from './host-call.mjs';
import { row as images } from './images.mjs';
import { row as imports } from './imports.mjs';
import { row as interrupt } from './interrupt.mjs';
import { row as keystroke } from './keystroke.mjs';
import { row as mainThread } from './main-thread.mjs';
import { row as policy } from './policy.mjs';
import { row as poll } from './poll.mjs';
import { row as record } from './record.mjs';
import { row as start } from './start.mjs';
import { printRow, readsRow } from './throughput.mjs';
import { memoryRow, storedReadsRow, storedRow } from './volumes.mjs';

/** What is measured. */
export const rows = [
  hostCall,
  capability,
  readsRow,
  printRow,
  mainThread,
  interrupt,
  keystroke,
  poll,
  policy,
  record,
  start,
  coldStart,
  imports,
  images,
  memoryRow,
  storedReadsRow,
  storedRow,
];
