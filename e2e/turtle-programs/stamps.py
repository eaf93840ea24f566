import turtle

alex = turtle.Turtle()
alex.shape("turtle")
alex.color("blue")
alex.speed(0)
alex.screen.delay(0)
alex.penup()
size = 20
for i in range(31):
    alex.stamp()
    size = size + 3
    alex.forward(size)
    alex.right(24)
alex.clearstamps(-3)
alex.clearstamps(1)
print(len(alex.stampItems), "stamps")
turtle.mainloop()
