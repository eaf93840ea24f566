# expect: cpu, timeout
# Matches a regular expression that tries 2**60 ways to split the text.
# after: kept == 1
import re

kept = 1
re.match('(a+)+$', 'a' * 60 + 'b')
