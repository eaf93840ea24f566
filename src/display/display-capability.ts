/** What a guest can ask of a display: each argument is of its type already, and is checked here for all else. */
import { type Capability, capability, ObjectKind, objectMethod } from '../capability/capability';
import { type Call, method } from '../capability/method';
import { Refusal } from '../capability/refusal';
import type { Content, TableContent, TextKind } from './content';
import type { Display } from './display';
import { Drawing } from './drawing';
import type { CanvasEvent } from './event-queue';
import { nextFrame } from './frame-clock';
import { checkPicture } from './picture';
import { fontOf } from './scene-commands';

/** What showing one costs, in lines of text, besides its bytes. */
const COSTS: Readonly<Record<TextKind, number>> = {
  text: 1,
  error: 1,
  html: 20,
  svg: 10,
  markdown: 10,
  latex: 10,
};
const PICTURE_COST = 10;
const TABLE_COST = 10;
const CANVAS_COST = 40;
const DRAWING_COST = 0.5;
/** Bytes that cost as much as a line of text. */
const BYTES_PER_COST = 256;

const MOST_ID = 100;
const MOST_ALT = 1000;
const MOST_CELLS = 20_000;
const MOST_QUESTION = 2000;
const MOST_ANSWER = 10_000;
const MOST_MEASURED = 4000;

export interface DisplayCapability {
  readonly methods: Capability;
  readonly canvases: ObjectKind;
}

export function displayCapability(display: Display): DisplayCapability {
  const canvases = canvasKind(display);
  const put = (content: Content, bytes: number, id: string | null, cost: number) => {
    if (bytes > display.limits.itemBytes) {
      const most = display.limits.itemBytes;
      throw new Refusal('size', `it has ${bytes} bytes, and at most ${most} can be shown`);
    }
    if (id !== null && id.length > MOST_ID) throw new Refusal('size', 'the id is too long');
    display.put(content, bytes, id ?? undefined);
    return display.pace.spend(cost + bytes / BYTES_PER_COST);
  };
  const methods = capability({
    show: method(
      '(id: str | None, kind: str, content: str | bytes, alt: str) -> None',
      (id: string | null, kind: string, given: string | Uint8Array, alt: string) => {
        const { limits } = display;
        const { content, bytes, cost } =
          typeof given === 'string'
            ? textContent(kind, given, alt)
            : pictureContent(kind, given, alt, limits.pixels);
        return put(content, bytes, id, cost);
      },
      'Show text or a picture.',
    ),
    table: method(
      `(id: str | None, columns: list[str], numeric: list[bool], rows: list[list[str]], total_rows: int,
        total_columns: int, caption: str) -> None`,
      (id: string | null, ...given: TableArguments) => {
        const content = tableContent(...given);
        return put(content, tableBytes(content), id, TABLE_COST);
      },
      'Show rows and columns of text.',
    ),
    canvas: method(
      '(width: int, height: int, title: str) -> DisplayCanvas',
      async (width: number, height: number, title: string) => {
        const drawing = new Drawing(width, height, title, display.limits);
        await put({ kind: 'canvas', drawing }, 0, null, CANVAS_COST);
        return drawing;
      },
      'A canvas to draw on.',
    ),
    ask: method(
      '(title: str, prompt: str, initial: str, note: str) -> str | None',
      function (title: string, prompt: string, initial: string, note: string) {
        return ask(display, this, [title, prompt, initial, note]);
      },
      'Ask the user for a line of text.',
    ),
  });
  return { methods, canvases };
}

interface Priced {
  readonly content: Content;
  readonly bytes: number;
  readonly cost: number;
}

const utf8 = new TextEncoder();

function textContent(kind: string, text: string, alt: string): Priced {
  if (!Object.hasOwn(COSTS, kind)) throw new Refusal('type', 'there is no such kind of text');
  const known = kind as TextKind;
  return {
    content: { kind: known, text, alt: alt.slice(0, MOST_ALT) },
    bytes: utf8.encode(text).length,
    cost: COSTS[known],
  };
}

function pictureContent(kind: string, given: Uint8Array, alt: string, mostPixels: number): Priced {
  const { kind: format, size } = checkPicture(given, mostPixels);
  if (format !== kind) throw new Refusal('type', `that is a ${format}, not what it is said to be`);
  // A copy: what was given is a part of a larger buffer.
  const bytes = given.slice();
  return {
    content: { kind: 'picture', format, bytes, ...size, alt: alt.slice(0, MOST_ALT) },
    bytes: bytes.length,
    cost: PICTURE_COST,
  };
}

type TableArguments = [
  columns: string[],
  numeric: boolean[],
  rows: string[][],
  totalRows: number,
  totalColumns: number,
  caption: string,
];

function tableContent(
  ...[columns, numeric, rows, totalRows, totalColumns, caption]: TableArguments
) {
  if (numeric.length !== columns.length || rows.some((row) => row.length !== columns.length)) {
    throw new Refusal('type', 'each row of a table has as many cells as there are columns');
  }
  if (columns.length * (rows.length + 1) > MOST_CELLS) {
    throw new Refusal('size', `a table may have ${MOST_CELLS} cells`);
  }
  const content: TableContent = {
    ...{ kind: 'table', columns, numeric, rows, totalRows, totalColumns },
    caption: caption.slice(0, MOST_ALT),
  };
  return content;
}

function tableBytes({ columns, rows }: TableContent): number {
  // A cell is more than its characters: an element of the page.
  const cells = [columns, ...rows].flat();
  return cells.reduce((bytes, cell) => bytes + cell.length + 16, 0);
}

async function ask(display: Display, call: Call, texts: readonly string[]): Promise<string | null> {
  const [title = '', prompt = '', initial = '', note = ''] = texts.map((text) =>
    text.slice(0, MOST_QUESTION),
  );
  const goOn = call.pauseClocks();
  try {
    const answer = await display.ask({ title, prompt, initial, note }, call.signal);
    return answer?.slice(0, MOST_ANSWER) ?? null;
  } finally {
    goOn();
  }
}

const EVENTS = 'list[tuple[str, float, float, str]]';

function canvasKind(display: Display): ObjectKind {
  /** A canvas that is shown no more is gone: who goes on drawing makes a new one. */
  const shown = (drawing: Drawing): Drawing => {
    if (display.shows(drawing)) return drawing;
    throw new Refusal('revoked', 'the canvas has been cleared away');
  };
  return new ObjectKind(
    'DisplayCanvas',
    {
      draw: objectMethod(
        `(commands: bytes, waits: bool) -> ${EVENTS}`,
        async (drawing: Drawing, commands: Uint8Array, waits: boolean) => {
          shown(drawing).draw(commands);
          const busy = display.pace.spend(DRAWING_COST + commands.length / (8 * BYTES_PER_COST));
          if (waits) await nextFrame();
          await busy;
          return drawing.events.take();
        },
        'Draw; `waits`: until it can be seen. Gives what the user did.',
      ),
      events: objectMethod(
        `(seconds: float | None) -> ${EVENTS}`,
        function (drawing: Drawing, seconds: number | null) {
          return waitForEvents(shown(drawing), this, seconds);
        },
        'What the user did, or does within so many seconds; None: as long as it takes.',
      ),
      watch: objectMethod(
        '(keys: bool, pointer: bool, moves: bool) -> None',
        (drawing: Drawing, keys: boolean, pointer: boolean, moves: boolean) =>
          shown(drawing).watch({ keys, pointer, moves }),
        'What the program wants to hear of.',
      ),
      focus: objectMethod('() -> None', (drawing: Drawing) => shown(drawing).focus(), 'Take keys.'),
      measure: objectMethod(
        '(text: str, family: str, pixels: float, style: int) -> tuple[float, float]',
        (_: Drawing, text: string, family: string, pixels: number, style: number) => {
          const font = fontOf(family, Math.min(Math.max(pixels, 1), 1000), style);
          const { width, height } = display.measureText(text.slice(0, MOST_MEASURED), font);
          return [width, height];
        },
        'Width and height of text.',
      ),
      picture: objectMethod(
        '(content: bytes) -> int',
        (drawing: Drawing, content: Uint8Array) => shown(drawing).addPicture(content),
        'A picture to be drawn: gives its number.',
      ),
      resize: objectMethod(
        '(width: int, height: int) -> None',
        (drawing: Drawing, width: number, height: number) => shown(drawing).resize(width, height),
        'Its size in pixels.',
      ),
      describe: objectMethod(
        '(title: str) -> None',
        (drawing: Drawing, title: string) => shown(drawing).describe(title),
        'What it shows, for those who do not see it.',
      ),
    },
    'A canvas on the page.',
    (drawing: Drawing) => drawing.close(),
  );
}

/** The run's real time stands still where only the user can end the wait, as it does while one types. */
async function waitForEvents(
  drawing: Drawing,
  call: Call,
  seconds: number | null,
): Promise<CanvasEvent[]> {
  if (seconds !== null) return drawing.events.wait(seconds * 1000, call.signal);
  const goOn = call.pauseClocks();
  try {
    return await drawing.events.wait(Number.POSITIVE_INFINITY, call.signal);
  } finally {
    goOn();
  }
}
