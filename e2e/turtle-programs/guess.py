import turtle

screen = turtle.Screen()
count = screen.numinput("Flower", "How many petals?", 6, minval=3, maxval=12)
flower = turtle.Turtle()
flower.color("hot pink")
screen.tracer(0)
for _ in range(int(count)):
    flower.begin_fill()
    flower.circle(80, 60)
    flower.left(120)
    flower.circle(80, 60)
    flower.left(120)
    flower.end_fill()
    flower.left(360 / count)
screen.update()
print(count)
screen.exitonclick()
