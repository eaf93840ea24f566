/** Puts the page together and starts Python, or says in place why it can't. */
import { PythonGuest, Sandbox } from '../index';
import { elementById } from './dom';
import { Editor } from './editor';
import { OutputPane } from './output-pane';
import { Playground } from './playground';
import { Prompt } from './prompt';
import { StatusLine } from './status';

const status = new StatusLine(elementById('status', HTMLElement));
const consoleBox = elementById('console', HTMLElement);
const output = new OutputPane(elementById('output', HTMLElement), consoleBox);

function showProblem(title: string, explanation: string): void {
  const box = elementById('problem', HTMLElement);
  const heading = document.createElement('h2');
  heading.textContent = title;
  const text = document.createElement('p');
  text.textContent = explanation;
  box.replaceChildren(heading, text);
  box.hidden = false;
  status.show('failed');
}

function wire(playground: () => Playground | undefined): Prompt {
  const prompt = new Prompt(elementById('prompt', HTMLElement), {
    isComplete: async (source) => (await playground()?.isComplete(source)) ?? false,
    run: (source) => void playground()?.runStatement(source),
    interrupt: () => playground()?.stop(),
    clear: () => output.clear(),
  });
  const runEditor = (): void => void playground()?.runProgram(editor.source);
  const editor = new Editor(elementById('editor', HTMLTextAreaElement), runEditor);
  const onClick = (id: string, action: () => void): void =>
    elementById(id, HTMLButtonElement).addEventListener('click', action);
  onClick('run', runEditor);
  onClick('stop', () => playground()?.stop());
  onClick('restart', () => void playground()?.restart());
  onClick('clear', () => output.clear());
  // As in a terminal, a click beside the text goes to the prompt; one that selects text does not.
  consoleBox.addEventListener('click', () => {
    if (getSelection()?.isCollapsed ?? true) prompt.focus();
  });
  return prompt;
}

async function start(): Promise<void> {
  if (!crossOriginIsolated) {
    showProblem(
      'This page is not cross-origin isolated',
      'Python can only wait for the page where SharedArrayBuffer exists. The server has to send ' +
        'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp ' +
        'with every file, over HTTPS or from localhost.',
    );
    return;
  }
  status.show('starting');
  let playground: Playground | undefined;
  const prompt = wire(() => playground);
  const guest = await PythonGuest.load(new URL('guest/', document.baseURI));
  const sandbox = await Sandbox.create({
    guest,
    onOutput: (bytes, stream) => output.write(bytes, stream),
    stdin: () => playground?.readLine() ?? null,
    // The user has a Stop button, and the output pane keeps only what it can show.
    limits: { wallMs: Number.POSITIVE_INFINITY, outputBytes: Number.POSITIVE_INFINITY },
  });
  playground = new Playground(sandbox, output, prompt, status, {
    run: elementById('run', HTMLButtonElement),
    stop: elementById('stop', HTMLButtonElement),
    restart: elementById('restart', HTMLButtonElement),
  });
  prompt.focusIfIdle();
}

start().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  showProblem('Python could not be started', message);
});
