# expect: ok
# Fills a folder until it is refused more, and asks for a file of a thousand terabytes.
# after: refused == 2
import errno

refused, chunk = 0, b'\xff' * (1 << 20)
try:
    with open('/tmp/full', 'wb', buffering=0) as file:
        file.seek(file.truncate(56 << 20))
        while True:
            file.write(chunk)
except OSError as error:
    refused += error.errno == errno.ENOSPC
try:
    with open('/home/sparse', 'wb', buffering=0) as file:
        file.truncate(1 << 50)
except OSError as error:
    refused += error.errno in (errno.ENOSPC, errno.EFBIG)
