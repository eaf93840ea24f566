from turtle import Screen, Turtle

tim = Turtle()
tim.speed("fastest")
screen = Screen()

def move_forwards():
    tim.forward(50)

def turn_left():
    tim.setheading(tim.heading() + 90)

def clear():
    tim.clear()
    tim.penup()
    tim.home()
    tim.pendown()
    print("cleared")

screen.listen()
screen.onkey(key="w", fun=move_forwards)
screen.onkey(key="a", fun=turn_left)
screen.onkey(key="c", fun=clear)
screen.onkeypress(move_forwards, "Up")
screen.onkey(screen.bye, "q")
screen.mainloop()
