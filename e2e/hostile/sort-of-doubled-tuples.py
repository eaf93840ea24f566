# expect: cpu, timeout
# Sorts two small objects whose comparison visits 2**60 tuples, in one call of C.
def doubled(levels):
    data = ()
    for _ in range(levels):
        data = (data, data)
    return data


sorted([doubled(60), doubled(60)])
