/**
 * Paints what lies on a canvas. What has not changed for a while is kept as a picture, so that a turtle that moves
 * over ten thousand lines costs no more than one that moves over none.
 */
import { cssFont, LINE_HEIGHT } from './measure';
import type { Placed, Scene, SceneItem, ShapeItem, TextItem } from './scene';

/** Frames without a change after which something is kept as a picture. */
const SETTLED_FRAMES = 10;
/** The sharpest that is worth its memory. */
const MOST_DENSITY = 2;
const MOST_PIXELS = 16 * 2 ** 20;

export type PictureOf = (number: number) => CanvasImageSource | undefined;

export interface PaintedSize {
  readonly width: number;
  readonly height: number;
  /** Pixels of the screen in one of the canvas. */
  readonly density: number;
}

export function paintedDensity(width: number, height: number, density: number): number {
  const most = Math.sqrt(MOST_PIXELS / (width * height));
  return Math.max(Math.min(density, MOST_DENSITY, most), 0.1);
}

export class Painter {
  readonly #scene: Scene;
  readonly #pictureOf: PictureOf;
  readonly #paths = new WeakMap<SceneItem, Path2D>();
  #settled: OffscreenCanvas | undefined;
  /** Below that height everything is in the settled picture. */
  #settledBelow = Number.NEGATIVE_INFINITY;
  /** The heights from which on each of the last frames was another one. */
  #changes: number[] = [];

  constructor(scene: Scene, pictureOf: PictureOf) {
    this.#scene = scene;
    this.#pictureOf = pictureOf;
  }

  /** All has to be painted anew: another size, or a picture that has come. */
  forget(): void {
    this.#settled = undefined;
    this.#settledBelow = Number.NEGATIVE_INFINITY;
  }

  paint(context: CanvasRenderingContext2D, size: PaintedSize): void {
    const changed = this.#scene.takeChanges();
    this.#changes = [...this.#changes.slice(1 - SETTLED_FRAMES), changed];
    if (changed < this.#settledBelow) this.forget();
    const settled = this.#settle(size);
    context.setTransform(1, 0, 0, 1, 0, 0);
    this.#paintGround(context, size);
    if (settled !== undefined) context.drawImage(settled, 0, 0);
    this.#aim(context, size);
    for (const placed of this.#scene.placed) {
      if (placed.height >= this.#settledBelow) this.#paintItem(context, placed, size.density);
    }
  }

  /** What has been left alone for some frames becomes part of the picture below. */
  #settle(size: PaintedSize): OffscreenCanvas | undefined {
    const below = Math.min(...this.#changes);
    if (this.#changes.length < SETTLED_FRAMES || !(below > this.#settledBelow))
      return this.#settled;
    const { width, height, density } = size;
    this.#settled ??= new OffscreenCanvas(
      Math.round(width * density),
      Math.round(height * density),
    );
    const context = this.#settled.getContext('2d');
    if (context === null) return undefined;
    this.#aim(context, size);
    for (const placed of this.#scene.placed) {
      if (placed.height >= this.#settledBelow && placed.height < below) {
        this.#paintItem(context, placed, size.density);
      }
    }
    this.#settledBelow = below;
    return this.#settled;
  }

  #aim(context: Context, { density }: PaintedSize): void {
    const { left, top } = this.#scene;
    context.setTransform(density, 0, 0, density, -left * density, -top * density);
  }

  #paintGround(context: Context, { width, height, density }: PaintedSize): void {
    context.clearRect(0, 0, width * density + 1, height * density + 1);
    context.fillStyle = cssColor(this.#scene.ground);
    context.fillRect(0, 0, width * density + 1, height * density + 1);
  }

  #paintItem(context: Context, { item }: Placed, density: number): void {
    if (item.kind === 'words') paintText(context, item);
    else if (item.kind === 'image') {
      const picture = this.#pictureOf(item.picture);
      if (picture === undefined) return;
      const { width, height } = picture as ImageBitmap;
      context.drawImage(picture, ...anchored(item.x, item.y, width, height, item.anchor));
    } else this.#paintShape(context, item, density);
  }

  #paintShape(context: Context, item: ShapeItem, density: number): void {
    if (item.points.length < 4 || (item.fill & 0xff) + (item.outline & 0xff) === 0) return;
    let path = this.#paths.get(item);
    if (path === undefined) {
      path = pathOf(item);
      this.#paths.set(item, path);
    }
    const isLine = item.kind === 'line';
    const stroke = isLine ? item.fill : item.outline;
    if (isLine && isDot(item.points)) {
      paintDot(context, item);
      return;
    }
    if (!isLine && item.fill & 0xff) {
      context.fillStyle = cssColor(item.fill);
      context.fill(path, 'evenodd');
    }
    if ((stroke & 0xff) === 0) return;
    context.strokeStyle = cssColor(stroke);
    context.lineWidth = Math.max(item.width, 1);
    context.lineCap = item.ends;
    context.lineJoin = isLine ? 'round' : 'miter';
    // A line of an odd number of pixels lies on their middles: between them it would be blurred.
    const shift = Math.round(context.lineWidth * density) % 2 === 1 ? 0.5 / density : 0;
    context.translate(shift, shift);
    context.stroke(path);
    context.translate(-shift, -shift);
  }
}

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

function cssColor(color: number): string {
  return `#${(color >>> 0).toString(16).padStart(8, '0')}`;
}

function pathOf({ kind, points }: ShapeItem): Path2D {
  const path = new Path2D();
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = points;
  if (kind === 'oval') {
    const [across, down] = [Math.abs(x1 - x0) / 2, Math.abs(y1 - y0) / 2];
    path.ellipse((x0 + x1) / 2, (y0 + y1) / 2, across, down, 0, 0, 2 * Math.PI);
    return path;
  }
  path.moveTo(x0, y0);
  for (let index = 2; index + 1 < points.length; index += 2) {
    path.lineTo(points[index] as number, points[index + 1] as number);
  }
  if (kind === 'polygon') path.closePath();
  return path;
}

/** A line that leads nowhere, of which browsers paint nothing: with round ends it is a dot. */
function isDot(points: Float32Array): boolean {
  return points.every((value, index) => value === points[index % 2]);
}

function paintDot(context: Context, { points, fill, width, ends }: ShapeItem): void {
  if (ends !== 'round') return;
  context.fillStyle = cssColor(fill);
  context.beginPath();
  context.arc(points[0] as number, points[1] as number, Math.max(width, 1) / 2, 0, 2 * Math.PI);
  context.fill();
}

/** The upper left corner, where a certain point of the box is at (x, y). */
function anchored(
  x: number,
  y: number,
  width: number,
  height: number,
  anchor: number,
): [number, number] {
  return [x - (width * (anchor % 3)) / 2, y - (height * Math.floor(anchor / 3)) / 2];
}

function paintText(context: Context, item: TextItem): void {
  const { font, text, degrees } = item;
  context.save();
  context.font = cssFont(font);
  context.fillStyle = cssColor(item.fill);
  context.textBaseline = 'middle';
  const lines = text.split('\n');
  const line = font.pixels * LINE_HEIGHT;
  const widths = lines.map((one) => context.measureText(one).width);
  const box = [Math.max(...widths), lines.length * line] as const;
  context.translate(item.x, item.y);
  if (degrees !== 0) context.rotate((-degrees * Math.PI) / 180);
  const [left, top] = anchored(0, 0, ...box, item.anchor);
  for (const [index, one] of lines.entries()) {
    const y = top + (index + 0.5) * line;
    context.fillText(one, left, y);
    if (font.isUnderlined) context.fillRect(left, y + font.pixels / 2, widths[index] ?? 0, 1);
  }
  context.restore();
}
