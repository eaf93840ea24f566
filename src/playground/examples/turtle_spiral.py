"""A spiral of turning squares."""
import turtle

pen = turtle.Turtle()
pen.speed(0)
for step in range(72):
    pen.pencolor(step / 72, 0.3, 1 - step / 72)
    for side in range(4):
        pen.forward(step * 2)
        pen.left(90)
    pen.left(5)
pen.hideturtle()
turtle.done()
