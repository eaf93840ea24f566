"""Planets around a sun, step by step. Stresses: float arithmetic, attributes of few objects."""


class Body:
    def __init__(self, mass, position, velocity):
        self.mass = mass
        self.x, self.y, self.z = position
        self.vx, self.vy, self.vz = velocity


def make_system():
    """A heavy sun and four planets on nearly circular orbits; in all they stand still."""
    sun = Body(40.0, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
    bodies = [sun]
    for number in range(1, 5):
        distance = 2.5 * number
        speed = (sun.mass / distance) ** 0.5
        tilt = 0.05 * number
        bodies.append(Body(0.02 / number, (distance, 0.0, tilt), (0.0, speed, 0.0)))
    for body in bodies[1:]:
        sun.vy -= body.mass * body.vy / sun.mass
    return bodies


def energy(bodies, pairs):
    total = 0.0
    for body in bodies:
        total += 0.5 * body.mass * (body.vx * body.vx + body.vy * body.vy + body.vz * body.vz)
    for a, b in pairs:
        dx, dy, dz = a.x - b.x, a.y - b.y, a.z - b.z
        total -= a.mass * b.mass / (dx * dx + dy * dy + dz * dz) ** 0.5
    return total


def advance(bodies, pairs, step):
    for a, b in pairs:
        dx = a.x - b.x
        dy = a.y - b.y
        dz = a.z - b.z
        squared = dx * dx + dy * dy + dz * dz
        pull = step / (squared * squared**0.5)
        onto_a = b.mass * pull
        onto_b = a.mass * pull
        a.vx -= dx * onto_a
        a.vy -= dy * onto_a
        a.vz -= dz * onto_a
        b.vx += dx * onto_b
        b.vy += dy * onto_b
        b.vz += dz * onto_b
    for body in bodies:
        body.x += step * body.vx
        body.y += step * body.vy
        body.z += step * body.vz


def run(size):
    bodies = make_system()
    pairs = [(a, b) for i, a in enumerate(bodies) for b in bodies[i + 1 :]]
    before = energy(bodies, pairs)
    for _ in range(size):
        advance(bodies, pairs, 0.001)
    return '%.8f %.8f %.6f' % (before, energy(bodies, pairs), bodies[1].x)
