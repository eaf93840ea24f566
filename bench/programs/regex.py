"""A log searched, split and rewritten. Stresses: the regular expression engine, match objects, replacement calls."""

import re

HOSTS = ('alpha', 'beta', 'gamma.example', 'delta')
PATHS = ('/index.html', '/a/b/c?q=1&r=two', '/images/cat.png', '/search?text=hello%20world')


def make_log(count):
    lines = []
    for n in range(count):
        status = 200 if n % 7 else 404 if n % 2 else 500
        lines.append(
            f'10.0.{n % 256}.{n * 7 % 256} {HOSTS[n % 4]} [{n % 28 + 1:02}/Nov/2026:{n % 24:02}:{n % 60:02}:00] '
            f'"GET {PATHS[n * 5 % 4]} HTTP/1.1" {status} {n * 13 % 5000} "mail{n}@{HOSTS[n % 4]}.org"'
        )
    return '\n'.join(lines)


LINE = re.compile(
    r'(?P<address>\d+(?:\.\d+){3}) (?P<host>\S+) \[(?P<day>\d+)/(\w+)/(\d+):(?P<time>[\d:]+)\] '
    r'"(?P<method>[A-Z]+) (?P<path>[^ ?"]+)(?:\?(?P<query>[^ "]*))? [^"]+" (?P<status>\d{3}) (?P<size>\d+)'
)
MAIL = re.compile(r'\b[\w.]+@(?:\w+\.)+[a-z]{2,}\b', re.IGNORECASE)
ERRORS = re.compile(r'^.*" (?:4|5)\d\d .*$', re.MULTILINE)
ESCAPE = re.compile(r'%([0-9A-F]{2})')


def run(size):
    log = make_log(size)
    sizes, queries = 0, {}
    for match in LINE.finditer(log):
        sizes += int(match['size'])
        if match['query']:
            for pair in re.split(r'[&;]', match['query']):
                key, value = re.fullmatch(r'(\w+)=(.*)', pair).groups()
                decoded = ESCAPE.sub(lambda found: chr(int(found[1], 16)), value)
                queries[key] = queries.get(key, 0) + len(decoded)
    mails = MAIL.findall(log)
    errors = ERRORS.findall(log)
    hidden = re.sub(r'(\d+)\.(\d+)\.(\d+)\.\d+', r'\1.\2.\3.x', log)
    words = re.split(r'\W+', hidden)
    backwards = re.sub(r'(?<=GET )/(\w)', lambda found: '/' + found[1].upper(), log)
    capitals = len(re.findall(r'/[A-Z]\w*', backwards))
    return f'{sizes} {sorted(queries.items())} {len(mails)} {len(errors)} {len(hidden)} {len(words)} {capitals}'
