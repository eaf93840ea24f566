import turtle

window = turtle.Screen()
window.bgcolor("light blue")
t = turtle.Turtle()
t.speed(10)
window.delay(0)
x = -240
for sides, color in ((3, "red"), (4, "orange"), (5, "dark green"), (6, "navy")):
    t.penup()
    t.goto(x, 0)
    t.pendown()
    t.fillcolor(color)
    t.begin_fill()
    for _ in range(sides):
        t.forward(180 / sides)
        t.left(360 / sides)
    t.end_fill()
    x += 130
turtle.done()
