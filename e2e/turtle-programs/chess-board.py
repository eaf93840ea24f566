import turtle

sc = turtle.Screen()
pen = turtle.Turtle()
sc.setup(400, 400)
sc.tracer(0)
pen.speed(100)
for i in range(8):
    for j in range(8):
        pen.up()
        pen.goto(-120 + 30 * j, 120 - 30 * i)
        pen.down()
        pen.color("black", "black" if (i + j) % 2 else "white")
        pen.begin_fill()
        for k in range(4):
            pen.forward(30)
            pen.left(90)
        pen.end_fill()
pen.hideturtle()
sc.update()
turtle.done()
