"""A picture of mirroring balls over a chequered floor. Stresses: short-lived objects, operator methods, floats."""


class Vector:
    __slots__ = ('x', 'y', 'z')

    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y, self.z - other.z)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor, self.z * factor)

    def dot(self, other):
        return self.x * other.x + self.y * other.y + self.z * other.z

    def unit(self):
        return self * (1.0 / self.dot(self) ** 0.5)

    def mirrored(self, normal):
        return self - normal * (2.0 * self.dot(normal))


class Ball:
    def __init__(self, centre, radius, shine, colour):
        self.centre = centre
        self.radius = radius
        self.shine = shine
        self.colour = colour

    def hit(self, start, direction):
        """How far along the ray it is met; None if it is not."""
        to_centre = self.centre - start
        along = to_centre.dot(direction)
        left = self.radius * self.radius - (to_centre.dot(to_centre) - along * along)
        if left < 0.0:
            return None
        distance = along - left**0.5
        return distance if distance > 1e-6 else None

    def normal(self, point):
        return (point - self.centre).unit()

    def colour_at(self, point):
        return self.colour


class Floor:
    shine = 0.2

    def hit(self, start, direction):
        if direction.y > -1e-6:
            return None
        distance = -start.y / direction.y
        return distance if distance > 1e-6 else None

    def normal(self, point):
        return Vector(0.0, 1.0, 0.0)

    def colour_at(self, point):
        dark = (int(point.x // 1) + int(point.z // 1)) % 2
        return Vector(0.2, 0.2, 0.2) if dark else Vector(0.9, 0.9, 0.8)


LIGHT = Vector(-0.5, 0.8, -0.4).unit()


def nearest(scene, start, direction):
    best, found = None, None
    for thing in scene:
        distance = thing.hit(start, direction)
        if distance is not None and (best is None or distance < best):
            best, found = distance, thing
    return best, found


def colour(scene, start, direction, depth):
    distance, thing = nearest(scene, start, direction)
    if thing is None:
        return Vector(0.5, 0.7, 1.0) * (0.5 + 0.5 * direction.y)
    point = start + direction * distance
    normal = thing.normal(point)
    lit = max(0.0, normal.dot(LIGHT))
    if lit > 0.0 and nearest(scene, point, LIGHT)[1] is not None:
        lit = 0.0
    result = thing.colour_at(point) * ((0.2 + 0.8 * lit) * (1.0 - thing.shine))
    if depth > 0:
        seen = colour(scene, point, direction.mirrored(normal), depth - 1)
        result = result + seen * thing.shine
    return result


def run(size):
    scene = [Floor()]
    for n in range(5):
        centre = Vector(n * 1.5 - 3.0, 0.6 + 0.2 * (n % 3), 4.0 + n % 2)
        scene.append(Ball(centre, 0.6, 0.3, Vector(0.2 * n, 0.9 - 0.15 * n, 0.5)))
    eye = Vector(0.0, 1.2, -2.0)
    total = 0
    for row in range(size):
        for column in range(size):
            across = (column + 0.5) / size * 2.0 - 1.0
            down = 1.0 - (row + 0.5) / size * 2.0
            shade = colour(scene, eye, Vector(across, down, 1.6).unit(), 3)
            level = int(min(1.0, (shade.x + shade.y + shade.z) / 3.0) * 255.0)
            total = (total * 31 + level) % 1000003
    return total
