import turtle

def triangle(points, color, pen):
    pen.fillcolor(color)
    pen.up()
    pen.goto(points[0])
    pen.down()
    pen.begin_fill()
    for point in points[1:] + points[:1]:
        pen.goto(point)
    pen.end_fill()

def middle(p, q):
    return (p[0] + q[0]) / 2, (p[1] + q[1]) / 2

def sierpinski(points, degree, pen):
    colors = ['blue', 'red', 'green', 'white', 'yellow', 'violet', 'orange']
    triangle(points, colors[degree], pen)
    if degree > 0:
        a, b, c = points
        sierpinski([a, middle(a, b), middle(a, c)], degree - 1, pen)
        sierpinski([b, middle(a, b), middle(b, c)], degree - 1, pen)
        sierpinski([c, middle(c, b), middle(a, c)], degree - 1, pen)

screen = turtle.Screen()
screen.tracer(0)
pen = turtle.Turtle()
sierpinski([(-200, -150), (0, 200), (200, -150)], 4, pen)
pen.hideturtle()
screen.update()
screen.mainloop()
