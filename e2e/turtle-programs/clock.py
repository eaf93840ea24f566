import turtle
from datetime import datetime

screen = turtle.Screen()
screen.setup(400, 400)
screen.tracer(0)
pen = turtle.Turtle()
pen.hideturtle()
ticks = 0

def hand(length, angle, color, width):
    pen.up()
    pen.home()
    pen.setheading(90 - angle)
    pen.color(color)
    pen.width(width)
    pen.down()
    pen.forward(length)

def draw():
    global ticks
    pen.clear()
    pen.up()
    pen.goto(0, -150)
    pen.setheading(0)
    pen.color("black")
    pen.width(4)
    pen.down()
    pen.circle(150)
    now = datetime(2024, 5, 1, 3, 0, ticks)
    hand(80, now.hour * 30, "navy", 6)
    hand(120, now.minute * 6, "navy", 4)
    hand(130, now.second * 6, "red", 2)
    screen.update()
    ticks += 1
    if ticks < 16:
        screen.ontimer(draw, 20)

draw()
screen.mainloop()
