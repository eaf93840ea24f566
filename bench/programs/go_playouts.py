"""Games of go played at random. Stresses: lists of objects, recursion, sets, branches."""

EMPTY, BLACK, WHITE = range(3)


class Random:
    """The same numbers in every interpreter."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 69069 + 12345) & 0xFFFFFFF
        return (self.state >> 8) % limit


class Point:
    def __init__(self, place):
        self.place = place
        self.colour = EMPTY
        self.neighbours = []


class Board:
    def __init__(self, width):
        self.points = [Point(place) for place in range(width * width)]
        for point in self.points:
            row, column = divmod(point.place, width)
            for down, right in ((-1, 0), (1, 0), (0, -1), (0, 1)):
                if 0 <= row + down < width and 0 <= column + right < width:
                    point.neighbours.append(self.points[(row + down) * width + column + right])
        self.captured = [0, 0, 0]
        self.forbidden = None

    def group(self, start):
        """The stones that hang together, and the free points around them."""
        stones, liberties, todo = {start.place}, set(), [start]
        while todo:
            for near in todo.pop().neighbours:
                if near.colour == EMPTY:
                    liberties.add(near.place)
                elif near.colour == start.colour and near.place not in stones:
                    stones.add(near.place)
                    todo.append(near)
        return stones, liberties

    def is_own_eye(self, point, colour):
        return all([near.colour == colour for near in point.neighbours])

    def play(self, point, colour):
        """False if the move is not allowed: the board is as before then."""
        if point.colour != EMPTY or point is self.forbidden or self.is_own_eye(point, colour):
            return False
        point.colour = colour
        taken = set()
        for near in point.neighbours:
            if near.colour not in (EMPTY, colour) and near.place not in taken:
                stones, liberties = self.group(near)
                if not liberties:
                    taken |= stones
        if not taken and not self.group(point)[1]:
            point.colour = EMPTY
            return False
        for place in taken:
            self.points[place].colour = EMPTY
        self.captured[colour] += len(taken)
        self.forbidden = self.points[min(taken)] if len(taken) == 1 else None
        return True

    def score(self):
        """Black's stones and eyes less White's."""
        total = 0
        for point in self.points:
            owners = set([near.colour for near in point.neighbours])
            owner = point.colour or (max(owners) if len(owners) == 1 else EMPTY)
            total += (owner == BLACK) - (owner == WHITE)
        return total


def playout(random):
    board = Board(9)
    colour, passes, moves = BLACK, 0, 0
    while passes < 2 and moves < 180:
        passes += 1
        for _ in range(12):
            if board.play(board.points[random.below(81)], colour):
                passes = 0
                break
        colour = BLACK + WHITE - colour
        moves += 1
    return board


def run(size):
    random = Random(7)
    boards = [playout(random) for _ in range(size)]
    captured = [sum([board.captured[colour] for board in boards]) for colour in (BLACK, WHITE)]
    return '%d %d %d' % (captured[0], captured[1], sum([board.score() for board in boards]))
