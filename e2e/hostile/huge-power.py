# expect: cpu, timeout
# Raises a number to a power that would have 280 million bits.
# after: kept == 1
kept = 1
base = 7
base**100_000_000
