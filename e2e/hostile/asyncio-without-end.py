# expect: cpu, timeout
# Runs a hundred tasks that always come back, and one that swallows nothing but never yields.
import asyncio


async def restless():
    while True:
        await asyncio.sleep(0)


async def deaf():
    await asyncio.sleep(0.1)
    while True:
        pass


async def main():
    others = [restless() for _ in range(100)]
    await asyncio.gather(deaf(), *others, return_exceptions=True)


asyncio.run(main())
