"""A mistake, so that you can see how the editor shows one."""
prices = {"apple": 0.5, "bread": 2.8, "cheese": 7.9}

def total(names):
    return sum(prices[name] for name in names)

print(total(["apple", "bread"]))
print(total(["apple", "chese"]))
