import turtle

wn = turtle.Screen()
wn.bgcolor("black")
wn.title("Bouncing ball")
wn.tracer(0)

ball = turtle.Turtle()
ball.shape("circle")
ball.color("lime")
ball.penup()
ball.speed(0)
ball.goto(0, 200)
ball.dy = 0
ball.dx = 3
gravity = 0.5
frames = 0

def move():
    global frames
    ball.dy -= gravity
    ball.sety(ball.ycor() + ball.dy)
    ball.setx(ball.xcor() + ball.dx)
    if ball.ycor() < -200:
        ball.sety(-200)
        ball.dy *= -1
    wn.update()
    frames += 1
    if frames < 60:
        wn.ontimer(move, 10)

move()
wn.mainloop()
print("bounced", ball.xcor())
