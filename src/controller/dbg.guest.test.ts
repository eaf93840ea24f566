import { guestIt as it } from '../testing/guest-test';
it('x', async ({ open }) => {
  const python = await open({ onBackground: (o) => console.log('BG', o), onFault: (f) => console.log('FAULT', f) });
  console.log(await python.run(`
import asyncio, glovebox
@glovebox.on('go')
async def go(count):
    for n in range(count):
        await asyncio.sleep(0.02)
        print(n)
`));
  console.log(await python.sandbox.emit('go', 3));
  await new Promise((r) => setTimeout(r, 500));
  console.log(python.stdout, python.stderr);
  console.log(await python.run('from glovebox import _events; print(_events.waits(), _events._loop, _events._loop._scheduled, _events._handlers)'));
  console.log(python.stdout, python.stderr);
});
