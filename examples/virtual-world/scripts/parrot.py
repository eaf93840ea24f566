"""The Parrot counts seconds in a task that never ends, and repeats who touched it, a second late."""
import asyncio
import glovebox
import world

seconds = 0

async def count():
    global seconds
    while True:
        await asyncio.sleep(1)
        seconds += 1
        world.say(f'Tick tock, {seconds} seconds')

@glovebox.on('touched')
async def repeat(event):
    await asyncio.sleep(1)
    world.say(f"{event['who']}! {event['who']}!")

glovebox.spawn(count())
