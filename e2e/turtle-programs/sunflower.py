import math
import turtle

phi = 137.508 * math.pi / 180
turtle.bgcolor("black")
turtle.tracer(20)
turtle.speed(0)
turtle.up()
for i in range(300):
    r = 4 * math.sqrt(i)
    theta = i * phi
    turtle.goto(r * math.cos(theta) * 3, r * math.sin(theta) * 3)
    turtle.dot(3 + i // 30, "gold")
turtle.hideturtle()
turtle.update()
turtle.done()
