"""Guess the number: a program that asks. Stop interrupts it at any time."""
from random import randint

secret = randint(1, 100)
tries = 0
while True:
    answer = input("A number from 1 to 100? ")
    if not answer.strip().isdecimal():
        print("In digits, please.")
        continue
    tries += 1
    guess = int(answer)
    if guess == secret:
        break
    print("Higher." if guess < secret else "Lower.")
print(f"Yes, {secret}! It took you {tries} tries.")
