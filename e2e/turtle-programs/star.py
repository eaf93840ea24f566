from turtle import *

speed(0)
delay(0)
color("firebrick", "gold")
penup()
goto(-150, 0)
pendown()
begin_fill()
for corner in range(36):
    forward(300)
    right(170)
end_fill()
hideturtle()
done()
