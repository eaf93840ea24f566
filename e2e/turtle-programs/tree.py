import turtle

def tree(length, t):
    if length > 5:
        t.forward(length)
        t.right(20)
        tree(length - 15, t)
        t.left(40)
        tree(length - 15, t)
        t.right(20)
        t.backward(length)

t = turtle.Turtle()
window = turtle.Screen()
window.tracer(8, 0)
t.left(90)
t.up()
t.backward(150)
t.down()
t.color("green")
tree(85, t)
window.update()
turtle.done()
