"""Makes a maze, and finds the way out by breadth-first search."""
from collections import deque
from random import Random

WIDTH, HEIGHT = 33, 15
random = Random(7)
grid = [["█"] * WIDTH for _ in range(HEIGHT)]

def dig(row, column):
    grid[row][column] = " "
    for down, right in random.sample([(0, 2), (0, -2), (2, 0), (-2, 0)], 4):
        r, c = row + down, column + right
        if 0 < r < HEIGHT and 0 < c < WIDTH and grid[r][c] == "█":
            grid[row + down // 2][column + right // 2] = " "
            dig(r, c)

def solve(start, goal):
    came_from, waiting = {start: None}, deque([start])
    while waiting:
        cell = waiting.popleft()
        if cell == goal:
            while cell:
                yield cell
                cell = came_from[cell]
            return
        row, column = cell
        for near in (row, column + 1), (row, column - 1), (row + 1, column), (row - 1, column):
            if grid[near[0]][near[1]] == " " and near not in came_from:
                came_from[near] = cell
                waiting.append(near)

dig(1, 1)
for row, column in solve((1, 1), (HEIGHT - 2, WIDTH - 2)):
    grid[row][column] = "·"
print("\n".join("".join(row) for row in grid))
