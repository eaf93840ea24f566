"""A bank of many small objects. Stresses: making instances, attributes, properties, inheritance, special methods."""


class Account:
    interest = 2

    def __init__(self, number, balance):
        self.number = number
        self._balance = balance
        self.entries = 0

    @property
    def balance(self):
        return self._balance

    @balance.setter
    def balance(self, value):
        self._balance = value
        self.entries += 1

    @classmethod
    def empty(cls, number):
        return cls(number, 0)

    @staticmethod
    def fee(amount):
        return amount // 100

    def pay(self, amount):
        self.balance = self.balance - amount - self.fee(amount)

    def add_interest(self):
        self.balance += self.balance * self.interest // 100

    def __eq__(self, other):
        return self.number == other.number

    def __lt__(self, other):
        return self.balance < other.balance

    def __hash__(self):
        return self.number


class Savings(Account):
    interest = 4

    def pay(self, amount):
        if amount > self.balance:
            return
        super().pay(amount)


class Limited(Savings):
    def __init__(self, number, balance):
        super().__init__(number, balance)
        self.limit = 500

    def __getattr__(self, name):
        if name == 'remaining':
            return self.limit - self.balance % self.limit
        raise AttributeError(name)

    def pay(self, amount):
        super().pay(min(amount, self.remaining))


class Entry:
    __slots__ = ('source', 'target', 'amount')

    def __init__(self, source, target, amount):
        self.source = source
        self.target = target
        self.amount = amount

    def apply(self):
        self.source.pay(self.amount)
        self.target.balance += self.amount


def run(size):
    kinds = (Account, Savings, Limited)
    accounts = [kinds[n % 3](n, 1000 + n * 37 % 500) for n in range(size // 10)]
    accounts.append(Account.empty(size))
    count = len(accounts)
    for n in range(size):
        Entry(accounts[n % count], accounts[n * 7 % count], n % 300).apply()
        if n % 5 == 0:
            accounts[n % count].add_interest()
    richest = accounts[0]
    for account in accounts:
        if richest < account and not account == richest:
            richest = account
    distinct = len(set(accounts + accounts))
    entries = sum([account.entries for account in accounts])
    limited = sum([isinstance(account, Savings) for account in accounts])
    return '%d %d %d %d %d' % (richest.number, richest.balance, distinct, entries, limited)
