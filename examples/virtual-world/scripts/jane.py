"""Jane walks about and greets whom she meets."""
import random
import glovebox
import world

steps = 0

@glovebox.on('tick')
def walk(event):
    global steps
    steps += 1
    world.move(random.choice((-1, 0, 1)), random.choice((-1, 0, 1)))
    near = world.near(1)
    if near and steps % 4 == 0:
        world.say(f'Hello, {near[0].name}!')
        world.touch(near[0])

@glovebox.on('damaged')
def ouch(event):
    world.say(f"Ouch! {event['points']} points!")
