import turtle

writer = turtle.Turtle()
writer.hideturtle()
writer.penup()
writer.speed(0)
writer.screen.delay(0)
message = "TURTLES WALK IN CIRCLES "
for letter in message:
    writer.write(letter, align="center", font=("Courier", 18, "bold"))
    writer.right(360 / len(message))
    writer.forward(45)
writer.goto(0, -250)
end = writer.write("The end", move=True, font=("Arial", 12, "italic"))
print("moved" if writer.xcor() > 20 else "stayed")
turtle.done()
