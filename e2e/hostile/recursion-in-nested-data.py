# expect: ok
# Shows, compares, encodes and copies lists nested twenty thousand deep.
# after: refused == 7
import copy
import json
import marshal
import pickle


def nested(levels):
    data = []
    for _ in range(levels):
        data = [data]
    return data


one, other, refused = nested(20_000), nested(20_000), 0
attacks = [lambda: one == other, lambda: json.loads('[' * 100_000)]
for function in (repr, json.dumps, marshal.dumps, pickle.dumps, copy.deepcopy):
    attacks.append(lambda function=function: function(one))
for attack in attacks:
    try:
        attack()
    except (RecursionError, MemoryError, ValueError):
        refused += 1
