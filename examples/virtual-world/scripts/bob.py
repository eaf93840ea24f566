"""Bob answers when he is touched, and thinks before he says more."""
import asyncio
import glovebox
import world

visits = 0

@glovebox.on('touched')
async def answer(event):
    global visits
    visits += 1
    world.say(f"Hello {event['who']}!")
    await asyncio.sleep(2)
    world.say(f'That was visit number {visits}.')
