from turtle import *

def half(ink):
    """One of the two drops, from the lowest point of the circle."""
    color("black", ink)
    begin_fill()
    circle(160, 180)
    circle(80, 180)
    circle(-80, 180)
    end_fill()

def eye(y, ink):
    penup()
    goto(0, y)
    pendown()
    dot(48, ink)
    penup()

tracer(5, 0)
pensize(3)
penup()
goto(0, -160)
pendown()
circle(160)
half("black")
eye(80, "white")
eye(-80, "black")
hideturtle()
tracer(1)
done()
