import turtle

def koch(length, depth):
    if depth == 0:
        turtle.forward(length)
        return
    for angle in (60, -120, 60, 0):
        koch(length / 3, depth - 1)
        turtle.left(angle)

turtle.tracer(0)
turtle.penup()
turtle.goto(-150, 90)
turtle.pendown()
for side in range(3):
    koch(300, 4)
    turtle.right(120)
turtle.hideturtle()
turtle.update()
turtle.mainloop()
