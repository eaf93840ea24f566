import { describe, expect, test } from 'vitest';
import { refusalOf } from '../testing/capability-use';
import { SceneBytes } from '../testing/scene-bytes';
import { Scene } from './scene';
import { draw, fontOf } from './scene-commands';

const LIMITS = { shapes: 100, points: 1000 };

function drawn(commands: SceneBytes): Scene {
  const scene = new Scene(LIMITS);
  draw(scene, commands.bytes);
  return scene;
}

function refused(commands: SceneBytes): string {
  return refusalOf(() => draw(new Scene(LIMITS), commands.bytes));
}

function order(scene: Scene): number[] {
  return [...scene.placed].map(({ item }) => (item.kind === 'line' ? (item.points[0] ?? -1) : -1));
}

describe('drawing commands', () => {
  test('put items on top of each other, each in its place until it is lifted or lowered', () => {
    const commands = new SceneBytes()
      .line(1, 10, 0, 1, 1)
      .line(2, 20, 0, 1, 1)
      .line(3, 30, 0, 1, 1);
    expect(order(drawn(commands))).toEqual([10, 20, 30]);
    expect(order(drawn(commands.line(1, 11, 0, 1, 1)))).toEqual([11, 20, 30]);
    expect(order(drawn(commands.byte(5).long(1)))).toEqual([20, 30, 11]);
    expect(order(drawn(commands.byte(6).long(3)))).toEqual([30, 20, 11]);
    expect(order(drawn(commands.byte(4).long(2)))).toEqual([30, 11]);
    expect(order(drawn(commands.byte(7)))).toEqual([]);
  });

  test('read the numbers of a shape', () => {
    const [placed] = drawn(new SceneBytes().line(1, 1.5, -2, 3, 4)).placed;
    expect(placed?.item).toEqual({
      ...{ kind: 'line', fill: 0xff0000ff, outline: 0, width: 1, ends: 'butt' },
      points: Float32Array.of(1.5, -2, 3, 4),
    });
  });

  test.each([
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['minus infinity', Number.NEGATIVE_INFINITY],
    ['what is too far away', 2e6],
  ])('are refused with %s for a coordinate', (_, value) => {
    expect(refused(new SceneBytes().line(1, 0, value, 1, 1))).toMatch(/^type: /);
    expect(refused(new SceneBytes().byte(9).float(value, 0))).toMatch(/^type: /);
  });

  test.each([
    ['a width that is none', new SceneBytes().byte(1).long(1).byte(0).long(0).long(0).float(-1)],
    ['a shape that is none', new SceneBytes().byte(1).long(1).byte(9)],
    ['a command that is none', new SceneBytes().byte(77)],
    ['an anchor that is none', new SceneBytes().byte(3).long(1).long(1).float(0, 0).byte(9)],
    ['a count that is a lie', new SceneBytes().line(1).byte(4)],
  ])('are refused with %s', (_, commands) => {
    expect(refused(commands)).toMatch(/^type: /);
  });

  test('are refused where they end too early, at any byte', () => {
    const { bytes } = new SceneBytes().line(1, 1, 2, 3, 4);
    for (let length = 1; length < bytes.length; length++) {
      const cut = bytes.slice(0, length);
      expect(refusalOf(() => draw(new Scene(LIMITS), cut))).toBe(
        'type: a drawing command is cut off',
      );
    }
  });

  test('can not claim more points than they have, nor have more than a shape may', () => {
    const head = () => new SceneBytes().byte(1).long(1).byte(0).long(0).long(0).float(1).byte(0);
    expect(refused(head().long(20_000))).toBe('type: a drawing command is cut off');
    expect(refused(head().long(0xffffffff))).toBe('size: a shape may have 20000 points');
  });

  test('fill a canvas up to its limits, also with what is put in the place of another', () => {
    const many = new SceneBytes();
    for (let number = 0; number < 101; number++) many.line(number, 0, 0, 1, 1);
    expect(refused(many)).toBe('size: 100 shapes may be on a canvas');
    const points = Array<number>(1990).fill(1);
    expect(drawn(new SceneBytes().line(1, ...points).line(1, ...points)).count).toBe(1);
    expect(refused(new SceneBytes().line(1, ...points).line(2, ...points))).toBe(
      'size: 1000 points may be on a canvas',
    );
  });

  test('leave nothing but the name of a font in a font', () => {
    expect(fontOf('Ari"al; } url(x)', 12, 5)).toEqual({
      family: 'Arial  urlx',
      pixels: 12,
      isBold: true,
      isItalic: false,
      isUnderlined: true,
    });
  });
});

describe('what has changed on a canvas', () => {
  test('is told from the lowest place on, once', () => {
    const scene = drawn(new SceneBytes().line(1, 0, 0, 1, 1).line(2, 0, 0, 1, 1));
    expect(scene.takeChanges()).toBe(1);
    expect(scene.takeChanges()).toBe(Number.POSITIVE_INFINITY);
    draw(scene, new SceneBytes().line(2, 5, 5, 1, 1).bytes);
    expect(scene.takeChanges()).toBe(2);
    draw(scene, new SceneBytes().byte(8).long(0xff).bytes);
    expect(scene.takeChanges()).toBe(Number.NEGATIVE_INFINITY);
  });

  test('is nothing where what is on top already is lifted', () => {
    const scene = drawn(new SceneBytes().line(1, 0, 0, 1, 1).line(2, 0, 0, 1, 1));
    scene.takeChanges();
    draw(scene, new SceneBytes().byte(5).long(2).bytes);
    expect(scene.takeChanges()).toBe(Number.POSITIVE_INFINITY);
  });
});
