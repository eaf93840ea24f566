# expect: trap, error, cpu, timeout, memory, ok, exit
# Runs bytecode of random instructions, which nothing checks before the interpreter follows it.
import opcode
import random

dice = random.Random(1)
known = sorted(number for number in opcode.opmap.values() if number < 256)
plain = (lambda: None).__code__
for _ in range(10_000):
    body = bytearray()
    for _ in range(20):
        body += bytes((dice.choice(known), dice.randrange(256)))
    try:
        exec(plain.replace(co_code=bytes(body), co_stacksize=50))
    except Exception:
        pass
