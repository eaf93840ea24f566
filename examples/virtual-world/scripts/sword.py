"""The Ultimate Sword swings at whatever is near."""
import glovebox
import world

swings = 0
dealt = 0

@glovebox.on('tick')
def swing(event):
    global swings, dealt
    for target in world.near(2)[:1]:
        swings += 1
        try:
            world.damage(target, 500)
        except glovebox.BudgetExceeded:
            world.say(f'Swing {swings}: no more damage here!')
            return
        dealt += 500
        world.say(f'Swing {swings}: {dealt:,} points in my life')

@glovebox.on('arrived')
def arrived(event):
    print(f"came {event['world']} after {swings} swings")
