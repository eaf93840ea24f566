import math
from turtle import *

setworldcoordinates(-0.5, -1.25, 7, 1.25)
tracer(0)
penup()
goto(0, 0)
pendown()
color("crimson")
pensize(3)
for i in range(0, 629, 5):
    goto(i / 100, math.sin(i / 100))
hideturtle()
update()
mainloop()
