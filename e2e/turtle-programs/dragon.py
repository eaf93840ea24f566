import turtle

def turns(n):
    sequence = "R"
    for _ in range(n - 1):
        flipped = sequence[::-1].translate(str.maketrans("RL", "LR"))
        sequence = sequence + "R" + flipped
    return sequence

turtle.speed("fastest")
turtle.tracer(False)
turtle.color("purple")
turtle.forward(5)
for turn in turns(9):
    turtle.right(90) if turn == "R" else turtle.left(90)
    turtle.forward(5)
turtle.tracer(True)
turtle.hideturtle()
turtle.done()
