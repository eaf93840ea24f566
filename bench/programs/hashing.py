"""Digests and checksums of many sizes. Stresses: hashlib's C code, crc32, hash() of values, bytes."""

import binascii
import hashlib


def chain(name, data, count):
    digest = data
    for _ in range(count):
        digest = hashlib.new(name, digest).digest()
    return digest


def run(size):
    block = bytes(range(256)) * 64
    results = []
    for name in ('md5', 'sha1', 'sha256', 'sha512', 'sha3_256', 'blake2b'):
        digest = hashlib.new(name)
        for n in range(max(1, size // 60)):
            digest.update(block)
        results.append(digest.hexdigest()[:6])
        results.append(chain(name, b'start', size).hex()[:6])
    check = 0
    for n in range(size):
        check = binascii.crc32(block[n % 200 :][:2000], check)
    keys = {(n % 100, f'key{n % 50}', n * 0.5, frozenset((n % 3, n % 5))) for n in range(size * 4)}
    letters = binascii.b2a_base64(block * max(1, size // 100))
    return f"{' '.join(results)} {check} {len(keys)} {letters.count(b'A')}"
