"""Records put in order by many keys, and a heap. Stresses: list.sort with key functions, comparisons, heapq."""

import heapq


class Version:
    def __init__(self, major, minor):
        self.major = major
        self.minor = minor

    def __lt__(self, other):
        if self.major != other.major:
            return self.major < other.major
        return self.minor < other.minor


def make_records(count):
    state = 17
    records = []
    for n in range(count):
        state = (state * 69069 + 1) & 0xFFFFFFF
        records.append(('name%d' % (state % 977), state >> 12, (state >> 6) % 100 / 10.0, n))
    return records


def run(size):
    records = make_records(size)
    # No two keys are the same: not every interpreter's sort is stable.
    by_name = sorted(records, key=lambda record: (record[0], record[3]))
    by_age = sorted(by_name, key=lambda record: (record[1] % 100, record[0], record[3]), reverse=True)
    by_mark = sorted(by_age, key=lambda record: record[2] * 10000000 + record[3])
    plain = sorted(records)
    lengths = sorted(plain, key=lambda record: record[3] % 50 * 1000000 + len(record[0]) * 100000 + record[3])
    versions = sorted([Version(record[1] % 7, record[3]) for record in records[: size // 2]])
    heap = []
    for record in records:
        heapq.heappush(heap, record[1])
    drained = [heapq.heappop(heap) for _ in range(size)]
    place = size // 3
    return '%d %d %d %d %d %d.%d %d' % (
        by_name[place][3],
        by_age[place][3],
        by_mark[place][3],
        plain[place][3],
        lengths[place][3],
        versions[place].major,
        versions[place].minor,
        drained[place],
    )
