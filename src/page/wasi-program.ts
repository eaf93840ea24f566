/** WASI programs on a page. */
import {
  type ProgramOptions,
  startWasiProgram as startProgram,
  type WasiProgram,
} from '../controller/wasi-program';
import { pagePlatform } from './platform';

/** Starts any other WASI preview1 program. */
export function startWasiProgram(bytes: Uint8Array, options: ProgramOptions): Promise<WasiProgram> {
  return startProgram(bytes, options, pagePlatform);
}
