"""asyncio's own tasks, queues, locks and gathering. Stresses: futures, callbacks, contexts, await.

The loop is asyncio's base loop without a selector: nothing here waits for input, and so every interpreter runs
the very same loop, also where its host brings one of its own.
"""

import asyncio


class Loop(asyncio.BaseEventLoop):
    def __init__(self):
        super().__init__()
        self._selector = self

    def select(self, timeout):
        return ()

    def _process_events(self, events):
        pass


async def produce(queue, count):
    for number in range(count):
        await queue.put(number)
    await queue.put(None)


async def consume(queue, lock, totals):
    while (number := await queue.get()) is not None:
        async with lock:
            totals[number % 4] += number
        if number % 16 == 0:
            await asyncio.sleep(0)


async def leaf(number):
    await asyncio.sleep(0)
    return number


async def fan_out(depth):
    if depth == 0:
        return await leaf(1)
    return sum(await asyncio.gather(*[fan_out(depth - 1) for _ in range(3)]))


async def main(size):
    queue, lock, totals = asyncio.Queue(8), asyncio.Lock(), [0, 0, 0, 0]
    await asyncio.gather(produce(queue, size), consume(queue, lock, totals))
    leaves = 0
    for _ in range(max(1, size // 800)):
        leaves += await fan_out(4)
    return f'{totals} {leaves}'


def run(size):
    loop = Loop()
    # A host may have a loop of its own that is "running" all the time.
    outer = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        return loop.run_until_complete(main(size))
    finally:
        loop.close()
        asyncio._set_running_loop(outer)
