/** A guest may die; its sandbox, its volumes and the page do not. */
import { claim, claimEqual, claimMatches, codeOf } from '../claims';
import { type Python, pause } from '../python';
import type { Group } from '../suite';

async function revives(python: Python): Promise<void> {
  claim(!python.sandbox.alive, 'the guest lives on');
  claimEqual(await codeOf(python.run('pass')), 'ENDED');
  await python.sandbox.restart();
  claimEqual(await python.printed('print(6 * 7)'), '42\n');
}

/** Opens a sandbox while what it does with `Worker` is watched. */
async function openWithWorker(
  open: () => Promise<Python>,
): Promise<{ readonly python: Python; readonly worker: Worker }> {
  const Real = globalThis.Worker;
  let latest: Worker | undefined;
  globalThis.Worker = class extends Real {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      latest = this;
    }
  };
  try {
    const python = await open();
    claim(latest !== undefined, 'no worker was made');
    return { python, worker: latest };
  } finally {
    globalThis.Worker = Real;
  }
}

export const death: Group = {
  'os.abort() is a trap': async (workshop) => {
    const python = await workshop.open();
    claimMatches(await python.run('import os\nos.abort()'), { status: 'trap', alive: false });
    await revives(python);
  },

  'os._exit() is an exit, and the guest is gone': async (workshop) => {
    const python = await workshop.open();
    const outcome = await python.run('import os\nos._exit(7)');
    claimMatches(outcome, { status: 'exit', exitCode: 7, alive: false });
    await revives(python);
  },

  'terminate() ends whatever runs': async (workshop) => {
    const python = await workshop.open();
    const { end } = await python.going('print("going", flush=True)\nwhile True: pass');
    python.sandbox.terminate();
    claimMatches(await end, { status: 'terminated', alive: false });
    await revives(python);
  },

  'a worker that breaks down is a trap': async (workshop) => {
    const { python, worker } = await openWithWorker(() => workshop.open());
    const { end } = await python.going('print("going", flush=True)\nwhile True: pass');
    worker.dispatchEvent(new ErrorEvent('error', { message: 'it broke' }));
    claimMatches(await end, { status: 'trap', alive: false, message: 'it broke' });
    await revives(python);
  },

  'a worker that vanishes is ended by the deadline': async (workshop) => {
    const { python, worker } = await openWithWorker(() =>
      workshop.open({ limits: { wallMs: 600 } }),
    );
    const { end } = await python.going('print("going", flush=True)\nwhile True: pass');
    worker.terminate();
    claimMatches(await end, { status: 'timeout', alive: false });
    await revives(python);
  },

  'restart() during a run ends it and starts anew': async (workshop) => {
    const python = await workshop.open();
    const { end } = await python.going('kept = 1\nprint("going", flush=True)\nwhile True: pass');
    await python.sandbox.restart();
    claimMatches(await end, { status: 'terminated' });
    claimEqual(await python.sandbox.evaluate('"kept" in globals()'), false);
  },

  'dispose() during a run ends it, for good': async (workshop) => {
    const python = await workshop.open();
    const { end } = await python.going('print("going", flush=True)\nimport time\ntime.sleep(60)');
    python.sandbox.dispose();
    python.sandbox.dispose();
    claimMatches(await end, { status: 'terminated', alive: false });
    claimEqual(await codeOf(python.run('pass')), 'DISPOSED');
    claimEqual(await codeOf(python.sandbox.restart()), 'DISPOSED');
  },

  'dispose() while it starts leaves nothing behind': async (workshop) => {
    const python = await workshop.open();
    python.sandbox.terminate();
    const restarting = codeOf(python.sandbox.restart());
    await pause(5);
    python.sandbox.dispose();
    claimEqual(await restarting, 'DISPOSED');
  },

  'ten guests die in a row, and the eleventh works': async (workshop) => {
    const python = await workshop.open();
    for (let turn = 0; turn < 10; turn++) {
      claimMatches(await python.run('import os\nos.abort()'), { status: 'trap' });
      await python.sandbox.restart();
    }
    claimEqual(await python.printed('print(6 * 7)'), '42\n');
  },
};
