import turtle as t

tim = t.Turtle()
t.colormode(255)
tim.speed("fastest")
t.delay(0)

def draw_spirograph(size_of_gap):
    for i in range(int(360 / size_of_gap)):
        tim.color((i * 7) % 256, 40, 255 - (i * 7) % 256)
        tim.circle(100)
        tim.setheading(tim.heading() + size_of_gap)

draw_spirograph(10)
screen = t.Screen()
screen.exitonclick()
