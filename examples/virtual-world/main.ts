/** Puts the page together, starts the programs, and lets time pass in both worlds. */
import { PythonGuest, Sandbox } from '../../src/index';
import { createWorlds } from './cast';
import bob from './scripts/bob.py?raw';
import jane from './scripts/jane.py?raw';
import parrot from './scripts/parrot.py?raw';
import spy from './scripts/spy.py?raw';
import sword from './scripts/sword.py?raw';
import { WorldsView } from './view';

const TICK_MS = 500;

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no "${id}"`);
  return found;
}

function wirePause(tick: () => void): void {
  const button = element('pause') as HTMLButtonElement;
  let timer: ReturnType<typeof setInterval> | undefined;
  const toggle = (): void => {
    if (timer === undefined) timer = setInterval(tick, TICK_MS);
    else timer = void clearInterval(timer);
    const goesOn = timer !== undefined;
    button.textContent = goesOn ? 'Pause' : 'Go on';
    element('status').textContent = goesOn ? 'Time passes.' : 'Time stands still.';
  };
  button.addEventListener('click', toggle);
  button.disabled = false;
  toggle();
}

async function start(): Promise<void> {
  const guest = await PythonGuest.load('../../guest/');
  let view: WorldsView | undefined;
  const scripts = { jane, bob, sword, parrot, spy };
  const worlds = createWorlds(
    scripts,
    {
      create: (options) => Sandbox.create({ guest, ...options }),
      restore: (image, options) => Sandbox.restore(image, { guest, ...options }),
    },
    () => view?.refresh(),
  );
  view = new WorldsView(element('worlds'), worlds);
  wirePause(() => {
    worlds.home.tick();
    worlds.abroad.tick();
  });
  // One after the other, so that the first is seen before the last has its interpreter.
  for (const member of worlds.members) await member.run();
}

start().catch((error: unknown) => {
  const box = element('problem');
  const text = error instanceof Error ? error.message : String(error);
  box.textContent = `Python could not be started: ${text}`;
  box.hidden = false;
  element('status').textContent = 'Nothing runs.';
});
