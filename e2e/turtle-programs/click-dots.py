import turtle

screen = turtle.Screen()
pen = turtle.Turtle()
pen.hideturtle()
pen.penup()
pen.speed(0)

def dot_at(x, y):
    pen.goto(x, y)
    pen.dot(30, "magenta")

button = turtle.Turtle(shape="square")
button.color("teal")
button.penup()
button.goto(-100, 100)
button.onclick(lambda x, y: (print("stop"), screen.bye()))
screen.onclick(dot_at)
screen.mainloop()
