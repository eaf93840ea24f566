import turtle

t = turtle.Turtle()
t.shape("circle")
t.color("orange")
t.shapesize(2)
t.speed(0)
t.pensize(6)

def follow(x, y):
    t.ondrag(None)
    t.goto(x, y)
    t.ondrag(follow)

t.ondrag(follow)
turtle.onscreenclick(lambda x, y: turtle.bye(), 3)
turtle.mainloop()
