"""Tasks that pass messages, under a scheduler of a few lines. Stresses: async functions, await, switches."""


class Pause:
    """Lets the others have their turn."""

    def __await__(self):
        yield None

    __iter__ = __await__


class Mailbox:
    def __init__(self):
        self.messages = []

    def put(self, message):
        self.messages.append(message)

    async def get(self):
        while not self.messages:
            await Pause()
        return self.messages.pop(0)


async def forward(source, target, count):
    for _ in range(count):
        target.put(await source.get() + 1)


async def produce(target, count):
    for number in range(count):
        target.put(number)
        await Pause()


async def collect(source, count, results):
    total = 0
    for _ in range(count):
        total += await source.get()
    results.append(total)


def run_all(tasks):
    ready = list(tasks)
    while ready:
        waiting = []
        for task in ready:
            try:
                task.send(None)
            except StopIteration:
                continue
            waiting.append(task)
        ready = waiting


def run(size):
    """`size` messages through a chain of ten tasks."""
    boxes = [Mailbox() for _ in range(11)]
    results = []
    tasks = [produce(boxes[0], size), collect(boxes[-1], size, results)]
    tasks += [forward(a, b, size) for a, b in zip(boxes, boxes[1:])]
    run_all(tasks)
    return results[0]
