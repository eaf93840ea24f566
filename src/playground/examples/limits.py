"""What happens to a program that never ends? Press Stop, then ask the prompt for `n`."""
n = 0
while True:
    n += 1
    if n % 2_000_000 == 0:
        print(f"{n:,} rounds, and your page still listens")
