import turtle

pen = turtle.Turtle()
pen.speed(0)
pen.pencolor("blue")
for i in range(100):
    pen.forward(i * 2)
    pen.left(91)
turtle.done()
