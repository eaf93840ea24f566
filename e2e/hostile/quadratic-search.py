# expect: cpu, timeout
# Searches from the right for what is not there: 10**11 comparisons and more in one call of C.
haystack = 'a' * 4_000_000
needle = 'ab' + 'a' * 400_000
haystack.rfind(needle)
