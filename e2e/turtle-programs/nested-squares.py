import turtle

board = turtle.Turtle()
board.speed(0)
board.screen.delay(0)

def square(size):
    for _ in range(4):
        board.fd(size)
        board.lt(90)
    board.penup()
    board.goto(board.xcor() - 10, board.ycor() - 10)
    board.pendown()

for size in range(20, 220, 20):
    square(size)
board.hideturtle()
turtle.Screen().exitonclick()
