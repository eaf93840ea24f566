# expect: cpu, timeout
# Derives a key in two thousand million rounds, or hashes large blocks for ever where that is missing.
import hashlib

derive = getattr(hashlib, 'pbkdf2_hmac', None)
if derive is not None:
    derive('sha512', b'secret', b'salt', 2**31 - 1)
block = bytes(1 << 24)
while True:
    hashlib.sha3_512(block).digest()
