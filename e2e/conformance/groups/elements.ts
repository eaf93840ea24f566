/** What a page shows of a guest: the prompt, an editor, pictures. */
import type { GloveboxRepl } from '../../../src/repl/repl-element';
import { ClaimError, claim, claimEqual } from '../claims';
import { pause, type Workshop } from '../python';
import type { Group } from '../suite';

const GUEST = 'guest/';
const PATIENCE_MS = 20_000;

type Tags = HTMLElementTagNameMap;

/** Where they are asked for: the other tests do without. */
async function load() {
  const [{ createDisplay }] = await Promise.all([
    import('../../../src/display/register'),
    import('../../../src/playground/elements'),
    import('../../../src/repl/index'),
  ]);
  return { createDisplay };
}

/** Puts one on the page, calls `use` with it, and takes it away. */
async function on<Tag extends keyof Tags>(
  tag: Tag,
  prepare: (element: Tags[Tag]) => void,
  use: (element: Tags[Tag]) => Promise<void>,
): Promise<void> {
  await load();
  const element = document.createElement(tag);
  prepare(element);
  document.body.append(element);
  try {
    await use(element);
  } finally {
    element.remove();
  }
}

async function until(workshop: Workshop, holds: () => boolean, found: () => string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS * (await workshop.slowness());
  while (!holds()) {
    if (performance.now() > deadline) throw new ClaimError(`it never came: ${found()}`);
    await pause(20);
  }
}

class Prompt {
  readonly #workshop: Workshop;
  readonly #repl: GloveboxRepl;

  constructor(workshop: Workshop, repl: GloveboxRepl) {
    this.#workshop = workshop;
    this.#repl = repl;
  }

  type(keys: string): void {
    this.#repl.terminal?.type(keys);
  }

  async endsWith(...lines: readonly string[]): Promise<void> {
    const text = (): string => this.#repl.text.trimEnd();
    const last = (): string[] =>
      text()
        .split('\n')
        .slice(-lines.length)
        .map((line) => line.trimEnd());
    await until(this.#workshop, () => last().join('\n') === lines.join('\n'), text);
  }

  async is(state: GloveboxRepl['state']): Promise<void> {
    await until(
      this.#workshop,
      () => this.#repl.state === state,
      () => this.#repl.state,
    );
  }
}

function withPrompt(workshop: Workshop, use: (prompt: Prompt) => Promise<void>): Promise<void> {
  const prepare = (repl: GloveboxRepl): void => {
    repl.guest = GUEST;
  };
  return on('glovebox-repl', prepare, async (repl) => {
    const prompt = new Prompt(workshop, repl);
    await prompt.endsWith('>>>');
    await use(prompt);
  });
}

export const elements: Group = {
  'the prompt completes, answers, and brings a block back': (workshop) =>
    withPrompt(workshop, async (prompt) => {
      prompt.type('import math\r');
      await prompt.endsWith('>>> import math', '>>>');
      prompt.type('math.facto\t');
      await prompt.endsWith('>>> math.factorial(');
      prompt.type('5)\r');
      await prompt.endsWith('120', '>>>');
      prompt.type('for n in range(2):\rprint(n)\r\r');
      await prompt.endsWith('0', '1', '>>>');
      prompt.type('\u001b[A');
      await prompt.endsWith('>>> for n in range(2):', '...     print(n)');
    }),

  'the prompt stops a loop, and keeps what it made': (workshop) =>
    withPrompt(workshop, async (prompt) => {
      prompt.type('n = 0\r');
      await prompt.endsWith('>>> n = 0', '>>>');
      prompt.type('while True: n += 1\r\r');
      await prompt.is('running');
      await pause(300);
      prompt.type('\u0003');
      await prompt.endsWith('KeyboardInterrupt', '>>>');
      prompt.type('n > 0\r');
      await prompt.endsWith('True', '>>>');
    }),

  'the prompt answers input()': (workshop) =>
    withPrompt(workshop, async (prompt) => {
      prompt.type('input("name? ")\r');
      await prompt.is('reading');
      prompt.type('Ada\r');
      await prompt.endsWith('name? Ada', "'Ada'", '>>>');
    }),

  'an editor runs its program, and tells the line of its error': (workshop) =>
    on(
      'glovebox-editor',
      (editor) => {
        editor.guest = GUEST;
        editor.textContent = 'print("so far")\n1 / 0\n';
      },
      async (editor) => {
        await editor.run();
        const terminal = editor.shadowRoot?.querySelector('glovebox-terminal');
        const text = (): string => terminal?.text ?? '';
        await until(workshop, () => text().includes('ZeroDivisionError'), text);
        claim(text().includes('so far'), text());
        const failed = (): string =>
          editor.shadowRoot?.querySelector('.cm-failedLine')?.textContent ?? '';
        await until(workshop, () => failed().startsWith('1 / 0'), failed);
      },
    ),

  'a turtle is painted': async (workshop) => {
    const display = (await load()).createDisplay();
    const { capabilities, kinds } = display;
    await on(
      'glovebox-display',
      (element) => {
        element.display = display;
      },
      async (element) => {
        const python = await workshop.open({ capabilities, kinds });
        await python.printed(
          'import turtle\nturtle.speed(0)\nturtle.bgcolor("#00ff00")\nturtle.forward(50)\nturtle.update()',
        );
        const color = (): string => {
          const view = element.shadowRoot?.querySelector('glovebox-drawing');
          const canvas = view?.shadowRoot?.querySelector('canvas');
          const pixel = canvas?.getContext('2d')?.getImageData(3, 3, 1, 1).data;
          return String(pixel);
        };
        await until(workshop, () => color() === '0,255,0,255', color);
        claimEqual(display.items.length, 1);
      },
    );
  },
};
