# expect: cpu, timeout
# Asks the host for the time and for a folder's attributes as fast as it can.
import os
import time

while True:
    time.time()
    os.stat('/tmp')
