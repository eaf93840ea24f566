"""A small adventure: go, take, look, quit."""
ROOMS = {
    "hall": {"text": "A cold hall. A stair leads up.", "up": "attic", "east": "garden", "has": set()},
    "attic": {"text": "Dust, and a chest.", "down": "hall", "has": {"lamp"}},
    "garden": {"text": "Roses everywhere.", "west": "hall", "has": {"key"}},
}
room, bag = "hall", set()

while bag != {"lamp", "key"}:
    here = ROOMS[room]
    ways = [way for way in here if way not in ("text", "has")]
    print(f"\n{here['text']} Ways: {', '.join(ways)}.")
    if here["has"]:
        print("You see:", *here["has"])
    match input("> ").lower().split():
        case ["go", way] | [way] if way in ways:
            room = here[way]
        case ["take", thing] if thing in here["has"]:
            here["has"].remove(thing)
            bag.add(thing)
        case ["look"]:
            continue
        case ["quit"]:
            break
        case _:
            print("You can: go WAY, take THING, look, quit.")
print("You leave with:", ", ".join(sorted(bag)) or "nothing")
