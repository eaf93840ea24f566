# expect: cpu, timeout
# Asks for an exponential to 200,000 digits, one call of C that never looks at signals.
import decimal

decimal.getcontext().prec = 200_000
decimal.Decimal('1.1').exp()
