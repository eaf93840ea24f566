import turtle

colors = ["red", "orange", "green", "blue"]
screen = turtle.Screen()
screen.delay(0)
pegs = {"A": [], "B": [], "C": []}
places = {"A": -200, "B": 0, "C": 200}
moves = 0

for number in range(4, 0, -1):
    disk = turtle.Turtle("square")
    disk.penup()
    disk.speed(0)
    disk.shapesize(1, 2 * number)
    disk.fillcolor(colors[number - 1])
    disk.goto(places["A"], -100 + 22 * len(pegs["A"]))
    pegs["A"].append(disk)

def move(source, target):
    global moves
    disk = pegs[source].pop()
    disk.sety(120)
    disk.setx(places[target])
    disk.sety(-100 + 22 * len(pegs[target]))
    pegs[target].append(disk)
    moves += 1

def hanoi(count, source, target, spare):
    if count == 0:
        return
    hanoi(count - 1, source, spare, target)
    move(source, target)
    hanoi(count - 1, spare, target, source)

hanoi(4, "A", "C", "B")
scribe = turtle.Turtle(visible=False)
scribe.penup()
scribe.goto(0, -160)
scribe.write(f"{moves} moves", align="center", font=("Courier", 16, "bold"))
print(moves, [len(disks) for disks in pegs.values()])
turtle.mainloop()
