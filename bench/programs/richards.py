"""A small operating system that schedules tasks. Stresses: method calls, attributes, subclasses, linked lists."""

IDLE, WORKER, HANDLER_A, HANDLER_B, DEVICE_A, DEVICE_B = range(6)
WORK, DEVICE = range(2)
PAYLOAD = 4


class Packet:
    def __init__(self, link, destination, kind):
        self.link = link
        self.destination = destination
        self.kind = kind
        self.cursor = 0
        self.payload = [0] * PAYLOAD

    def append_to(self, queue):
        self.link = None
        if queue is None:
            return self
        last = queue
        while last.link is not None:
            last = last.link
        last.link = self
        return queue


class Task:
    def __init__(self, system, name, priority, queue):
        self.system = system
        self.name = name
        self.priority = priority
        self.queue = queue
        self.waiting = False
        self.held = False
        system.add(self)

    def is_ready(self):
        return not self.held and (self.queue is not None or not self.waiting)

    def take(self):
        packet = self.queue
        if packet is not None:
            self.queue = packet.link
        self.waiting = False
        return packet

    def receive(self, packet):
        self.queue = packet.append_to(self.queue)

    def wait(self):
        self.waiting = True

    def hold(self):
        self.held = True
        self.system.holds += 1

    def step(self, packet):
        raise NotImplementedError


class Idle(Task):
    def __init__(self, system, turns):
        Task.__init__(self, system, IDLE, 0, None)
        self.turns = turns
        self.state = 1

    def step(self, packet):
        self.turns -= 1
        if self.turns == 0:
            self.system.running = False
        elif self.state & 1:
            self.state = (self.state >> 1) ^ 0xD008
            self.system.release(DEVICE_B)
        else:
            self.state >>= 1
            self.system.release(DEVICE_A)


class Worker(Task):
    def __init__(self, system, queue):
        Task.__init__(self, system, WORKER, 1000, queue)
        self.destination = HANDLER_A
        self.letter = 0

    def step(self, packet):
        if packet is None:
            self.wait()
            return
        self.destination = HANDLER_B if self.destination == HANDLER_A else HANDLER_A
        packet.destination = self.destination
        packet.cursor = 0
        for place in range(PAYLOAD):
            self.letter = self.letter % 26 + 1
            packet.payload[place] = self.letter
        self.system.send(self, packet)


class Handler(Task):
    def __init__(self, system, name, priority, queue, device):
        Task.__init__(self, system, name, priority, queue)
        self.device = device
        self.work = None
        self.devices = None

    def step(self, packet):
        if packet is not None:
            if packet.kind == WORK:
                self.work = packet.append_to(self.work)
            else:
                self.devices = packet.append_to(self.devices)
        work = self.work
        if work is None:
            self.wait()
        elif work.cursor >= PAYLOAD:
            self.work = work.link
            work.destination = WORKER
            self.system.send(self, work)
        elif self.devices is not None:
            free = self.devices
            self.devices = free.link
            free.cursor = work.payload[work.cursor]
            free.destination = self.device
            work.cursor += 1
            self.system.send(self, free)
        else:
            self.wait()


class Device(Task):
    def __init__(self, system, name, priority, owner):
        Task.__init__(self, system, name, priority, None)
        self.owner = owner
        self.pending = None

    def step(self, packet):
        if packet is not None:
            self.pending = packet
            self.hold()
        elif self.pending is None:
            self.wait()
        else:
            done, self.pending = self.pending, None
            done.destination = self.owner
            self.system.send(self, done)


class System:
    def __init__(self):
        self.tasks = [None] * 6
        self.by_priority = []
        self.running = True
        self.holds = 0
        self.sent = 0

    def add(self, task):
        self.tasks[task.name] = task
        self.by_priority.append(task)
        self.by_priority.sort(key=lambda each: -each.priority)

    def release(self, name):
        self.tasks[name].held = False

    def send(self, sender, packet):
        self.sent += 1
        self.tasks[packet.destination].receive(packet)

    def next_ready(self):
        for task in self.by_priority:
            if task.is_ready():
                return task
        raise RuntimeError('no task is ready')

    def run(self):
        while self.running:
            task = self.next_ready()
            task.step(task.take())


def queue_of(count, destination, kind):
    queue = None
    for _ in range(count):
        queue = Packet(queue, destination, kind)
    return queue


def run(size):
    system = System()
    Idle(system, size)
    Worker(system, queue_of(2, WORKER, WORK))
    Handler(system, HANDLER_A, 2000, queue_of(3, DEVICE_A, DEVICE), DEVICE_A)
    Handler(system, HANDLER_B, 3000, queue_of(3, DEVICE_B, DEVICE), DEVICE_B)
    Device(system, DEVICE_A, 4000, HANDLER_A)
    Device(system, DEVICE_B, 5000, HANDLER_B)
    system.run()
    return '%d %d' % (system.sent, system.holds)
