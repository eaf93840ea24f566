# expect: cpu, timeout
# Turns a number of 1.5 million digits into text and back, with the interpreter's own limit off.
import sys

sys.set_int_max_str_digits(0)
number = 3 << 5_000_000
while True:
    number = int(str(number))
