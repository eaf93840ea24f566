/** What is in a world, as the page has it. Guests only ever get handles of these. */

export type Shape = 'person' | 'sword' | 'parrot' | 'spy' | 'dummy' | 'kitten';

export interface Thing {
  /** Given by the page, unique over both worlds. Rules name actors by it. */
  readonly name: string;
  readonly shape: Shape;
  readonly fullHealth: number;
  health: number;
  x: number;
  y: number;
  /** Whatever its owner likes to have written on it. */
  motto: string;
  speech: string;
  /** The world's tick until which the speech is seen. */
  speechEnds: number;
  /** The world's tick at which something that fell gets up again. */
  risesAt: number;
}

export function createThing(name: string, shape: Shape, at: Place, fullHealth = 1000): Thing {
  return {
    ...{ name, shape, fullHealth, health: fullHealth, x: at.x, y: at.y },
    ...{ motto: '', speech: '', speechEnds: 0, risesAt: 0 },
  };
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

export function distance(a: Place, b: Place): number {
  return Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y));
}
