import random
import turtle as t

random.seed(3)
walker = t.Turtle()
t.colormode(255)
t.tracer(10, 0)
walker.pensize(5)
walker.speed("fastest")
for _ in range(300):
    walker.color(random.randint(0, 255), random.randint(0, 255), random.randint(0, 255))
    walker.forward(15)
    walker.setheading(random.choice([0, 90, 180, 270]))
t.update()
t.done()
