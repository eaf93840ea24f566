/** The world that most guests begin in: the base image is made in it, so that they need not be told of it. */

/** Of a sandbox whose options say nothing about it. Its folder is there in every tree. */
export function usualEnvironment(): Record<string, string> {
  return { HOME: '/home', PWD: '/home', TERM: 'dumb' };
}

/** Of a world to wake up in, but for what the page offers. `terminals`: whether stdin and stdout are. */
export function nameOfWorld(
  env: Readonly<Record<string, string>>,
  terminals: readonly [boolean, boolean],
): string {
  return JSON.stringify([env, terminals]);
}

export const USUAL_WORLD = nameOfWorld(usualEnvironment(), [false, true]);
