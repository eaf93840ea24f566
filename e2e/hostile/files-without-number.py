# expect: cpu, timeout
# Makes empty files with long names for ever.
number = 0
while True:
    try:
        open(f'/tmp/{number:0250}', 'x').close()
    except OSError:
        pass
    number += 1
