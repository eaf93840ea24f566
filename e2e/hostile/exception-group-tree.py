# expect: error ExceptionGroup, output, cpu, timeout
# Raises a small group of groups whose traceback would show 2**60 exceptions.
group = ValueError()
for _ in range(60):
    group = ExceptionGroup('', [group, group])
raise group
