/** Pools on a page. */
import { SandboxPool as Pool, type PoolOptions } from '../controller/sandbox-pool';
import { pagePlatform } from './platform';

export type SandboxPool = Pool;

/** Workers that are warm before a sandbox needs one: see `PoolOptions`. */
export function createPool(options: PoolOptions): Promise<SandboxPool> {
  return Pool.create(options, pagePlatform);
}
