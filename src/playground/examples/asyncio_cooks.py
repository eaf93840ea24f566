"""Three cooks at work at the same time."""
import asyncio
import time

started = time.monotonic()

async def cook(name, dishes, seconds):
    for dish in dishes:
        await asyncio.sleep(seconds)
        print(f"{time.monotonic() - started:4.1f} s  {name} has made the {dish}")

async def main():
    async with asyncio.TaskGroup() as kitchen:
        kitchen.create_task(cook("Ada", ["soup", "bread"], 0.4))
        kitchen.create_task(cook("Bo", ["salad", "sauce", "rice"], 0.3))
        kitchen.create_task(cook("Cem", ["cake"], 1.0))
    print("Dinner is ready.")

asyncio.run(main())
