import turtle as t

def hilbert(level, angle, step):
    if level == 0:
        return
    t.right(angle)
    hilbert(level - 1, -angle, step)
    t.forward(step)
    t.left(angle)
    hilbert(level - 1, angle, step)
    t.forward(step)
    hilbert(level - 1, angle, step)
    t.left(angle)
    t.forward(step)
    hilbert(level - 1, -angle, step)
    t.right(angle)

t.setup(400, 400)
t.tracer(0, 0)
t.penup()
t.goto(-155, 155)
t.pendown()
t.pencolor("#cc0044")
hilbert(5, 90, 10)
t.ht()
t.update()
t.exitonclick()
