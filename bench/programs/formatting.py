"""Tables of text out of numbers. Stresses: f-strings, str.format, % and the mini-language of formats."""


class Money:
    def __init__(self, cents):
        self.cents = cents

    def __format__(self, kind):
        return f'{self.cents / 100:,.2f} EUR' if kind == 'long' else f'{self.cents}c'

    def __str__(self):
        return f'{self:long}'


def run(size):
    length = checksum = 0
    for n in range(size):
        share = n / 7
        money = Money(n * 101)
        line = ''.join(
            (
                f'{n:>8}|{n:08b}|{n:#x}|{share:10.3f}|{share:e}|{n:,}|{-n:+d}|',
                f'{"left":<{10 + n % 5}}|{"mid":^12}|{n!r}|{money}|{money:short}|{n % 2 == 0}|',
                '%05d|%-10s|%6.2f|%x|%s|' % (n, 'name', share, n, share),
                '{0:>10}|{1!r:<12}|{name:*^9}|{2[key]}|'.format(n, 'text', {'key': n}, name='x'),
                str(n) + ' ' + repr(share),
                '{:.3%} {:g}'.format(share % 1, n * 1e10),
            )
        )
        length += len(line)
        checksum = (checksum * 31 + ord(line[n % len(line)]) + line.count('0')) % 1000003
    return f'{length} {checksum}'
