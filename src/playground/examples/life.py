"""Conway's Game of Life on a torus, from a glider."""
import time

ROWS, COLUMNS = 12, 32
alive = {(0, 1), (1, 2), (2, 0), (2, 1), (2, 2)}

def neighbours(row, column):
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            if down or right:
                yield (row + down) % ROWS, (column + right) % COLUMNS

def step(cells):
    near = {}
    for cell in cells:
        for other in neighbours(*cell):
            near[other] = near.get(other, 0) + 1
    return {cell for cell, count in near.items() if count == 3 or (count == 2 and cell in cells)}

for generation in range(40):
    if generation % 8 == 0:
        print(f"generation {generation}")
        for row in range(ROWS):
            print("".join("■ " if (row, column) in alive else "· " for column in range(COLUMNS)))
        time.sleep(0.2)
    alive = step(alive)
