import random
from turtle import Screen, Turtle

random.seed(7)
screen = Screen()
screen.setup(width=500, height=400)
colors = ["red", "orange", "gold", "green", "blue", "purple"]
bet = screen.textinput(title="Make your bet", prompt="Which turtle will win the race? Enter a color: ")
racers = []
for index, color in enumerate(colors):
    racer = Turtle(shape="turtle")
    racer.speed(0)
    racer.color(color)
    racer.penup()
    racer.goto(x=-230, y=-100 + 40 * index)
    racers.append(racer)

racing = bool(bet)
screen.tracer(6)
while racing:
    for racer in racers:
        if racer.xcor() > 210:
            racing = False
            winner = racer.pencolor()
            print("You've won!" if winner == bet else "You've lost!", "The winner is", winner)
            break
        racer.forward(random.randint(0, 10))
screen.exitonclick()
