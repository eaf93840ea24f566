"""The ChaCha20 cipher in plain Python. Stresses: integer and bit operations, lists, bytes."""


def rotate(value, count):
    return ((value << count) & 0xFFFFFFFF) | (value >> (32 - count))


def quarter(state, a, b, c, d):
    state[a] = (state[a] + state[b]) & 0xFFFFFFFF
    state[d] = rotate(state[d] ^ state[a], 16)
    state[c] = (state[c] + state[d]) & 0xFFFFFFFF
    state[b] = rotate(state[b] ^ state[c], 12)
    state[a] = (state[a] + state[b]) & 0xFFFFFFFF
    state[d] = rotate(state[d] ^ state[a], 8)
    state[c] = (state[c] + state[d]) & 0xFFFFFFFF
    state[b] = rotate(state[b] ^ state[c], 7)


def block(key, counter, nonce):
    start = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574] + key + [counter] + nonce
    state = start[:]
    for _ in range(10):
        for n in range(4):
            quarter(state, n, 4 + n, 8 + n, 12 + n)
        for n in range(4):
            quarter(state, n, 4 + (n + 1) % 4, 8 + (n + 2) % 4, 12 + (n + 3) % 4)
    result = bytearray()
    for before, after in zip(start, state):
        result.extend(((before + after) & 0xFFFFFFFF).to_bytes(4, 'little'))
    return result


def words(data):
    return [int.from_bytes(data[n : n + 4], 'little') for n in range(0, len(data), 4)]


def encrypt(key, nonce, text):
    result = bytearray()
    for place in range(0, len(text), 64):
        stream = block(key, 1 + place // 64, nonce)
        result.extend(bytes([a ^ b for a, b in zip(text[place : place + 64], stream)]))
    return bytes(result)


def run(size):
    key, nonce = words(bytes(range(32))), words(bytes(12))
    text = (b'a message for the other side ' * (size // 29 + 1))[:size]
    secret = encrypt(key, nonce, text)
    same = encrypt(key, nonce, secret) == text
    return '%d %d %s' % (sum(secret), secret[size // 2], same)
