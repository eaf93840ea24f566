/** A volume that answers each question later, whatever it is: for tests of what is built on volumes. */
import type { Volume } from '../volume/volume';

/** What the interface has no promise for. */
const AT_ONCE: ReadonlySet<string | symbol> = new Set(['retain', 'release', 'watch']);

export function answeringLate(volume: Volume): Volume {
  return new Proxy(volume, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (AT_ONCE.has(name)) return value.bind(target);
      return async (...args: unknown[]) => {
        await Promise.resolve();
        return value.apply(target, args);
      };
    },
  });
}
