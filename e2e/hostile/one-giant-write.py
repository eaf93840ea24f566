# expect: output
# Writes five megabytes at once.
import sys

sys.stdout.write('x' * 5_000_000)
