# expect: cpu, timeout
# Adds ten million million numbers in one call of C that never looks at signals.
sum(range(10**13))
