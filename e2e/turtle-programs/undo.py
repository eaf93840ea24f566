import turtle

t = turtle.Turtle()
turtle.delay(0)
t.speed(0)
for i in range(4):
    t.fd(80)
    t.lt(90)
t.pencolor("red")
t.pensize(4)
t.fd(150)
for i in range(3):
    t.undo()
print(t.pos(), t.pencolor())
turtle.done()
