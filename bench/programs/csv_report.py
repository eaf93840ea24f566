"""A table read, grouped and written. Stresses: csv, io.StringIO, int and float of strings, datetime, statistics."""

import csv
import io
from datetime import date, timedelta
from statistics import fmean, median


def make_table(count):
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow(('day', 'town', 'amount', 'note'))
    start = date(2020, 1, 1)
    for n in range(count):
        day = start + timedelta(days=n * 13 % 1500)
        note = 'said "yes", twice' if n % 11 == 0 else f'note {n}'
        writer.writerow((day.isoformat(), f'town{n % 23}', f'{n % 997 / 8:.3f}', note))
    return output.getvalue()


def run(size):
    text = make_table(size)
    groups, weekdays, quoted = {}, [0] * 7, 0
    for row in csv.DictReader(io.StringIO(text)):
        day = date.fromisoformat(row['day'])
        groups.setdefault((row['town'], day.year), []).append(float(row['amount']))
        weekdays[day.weekday()] += 1
        quoted += '"' in row['note']
    output = io.StringIO()
    report = csv.DictWriter(output, ('town', 'year', 'mean', 'median', 'most'), delimiter=';')
    report.writeheader()
    for (town, year), amounts in sorted(groups.items()):
        report.writerow(
            {
                'town': town,
                'year': year,
                'mean': f'{fmean(amounts):.3f}',
                'median': f'{median(amounts):.3f}',
                'most': max(amounts),
            }
        )
    lines = output.getvalue().splitlines()
    return f'{len(text)} {len(lines)} {weekdays} {quoted} {lines[len(lines) // 2]}'
