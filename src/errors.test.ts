import { expect, it } from 'vitest';
import { Refusal } from './capability/refusal';
import * as errors from './errors';

it.for(Object.entries(errors).filter(([name]) => name !== 'GloveboxError'))(
  '%s has its name from its code, as a bundler may call the class anything',
  ([name, value]) => {
    const Class = value as unknown as new (...args: readonly unknown[]) => Error;
    class a extends Class {}
    expect(new a(['x'], 'y', { type: 'z' }).name).toBe(name);
  },
);

it('a refusal is one, whatever its code', () => {
  expect(new Refusal('denied', 'no').name).toBe('Refusal');
});
