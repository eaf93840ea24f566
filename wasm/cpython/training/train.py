"""What CPython is compiled for: tests of its own, most of them from the list that it trains itself with
(libregrtest/pgo.py), and what is in practice.py and usual.py; in one process and in one order.
"""

import gc
import io
import logging
import os
import sys
import time
import types
import unittest

import _training

sys.path.append(os.path.dirname(__file__))
from practice import practise  # noqa: E402

TESTS = """
array base64 binascii binop bisect bytes cmath codecs collections complex coroutines dataclasses datetime decimal
difflib float fstring functools generators hashlib heapq int itertools json long math memoryview operator
ordered_dict patma pickle pprint re set statistics str struct xml_etree xml_etree_c
asyncio.test_queues asyncio.test_locks asyncio.test_tasks
""".split()

# So that what is usual is counted as often as what is tested.
ROUNDS = 4000


def prepare():
    os.chdir('/tmp')
    # Modules that this CPython is without: of the tests that use them, some need no more than an import.
    for name in '_glovebox', '_testlimitedcapi':
        sys.modules[name] = types.ModuleType(name)
    sys.modules['_glovebox'].wait = time.sleep
    # The build's settings name its folders.
    settings = types.ModuleType('settings')
    settings.build_time_vars = {}
    sys.modules['_sysconfigdata__wasi_wasm32-wasi'] = settings

    import test.support
    test.support.PGO = True
    test.support.verbose = 0
    test.support.use_resources = []
    # asyncio's tests ask for sockets before any of them opens one.
    test.support.has_socket_support = True
    logging.disable()


def main():
    prepare()
    # It imports asyncio, which needs what has just been prepared. What is not called until here is left out of the
    # interpreter's module, and loaded later.
    from usual import use_all
    practise(2)
    use_all()
    _training.write('/out/practised.profraw')
    loader = unittest.TestLoader()
    suites = {name: loader.loadTestsFromName('test.test_' + name) for name in TESTS}
    if loader.errors:
        sys.exit('\n'.join(loader.errors))

    # As in a program, which has not imported so much: the collector does not go through it.
    gc.collect()
    gc.freeze()
    terminal = sys.stdout
    _training.begin()
    for name, suite in suites.items():
        sys.stdout = io.StringIO()
        result = unittest.TestResult()
        suite.run(result)
        sys.stdout = terminal
        failed = len(result.errors) + len(result.failures)
        print(f'{name}: {result.testsRun} tests, {len(result.skipped)} skipped, {failed} failed', flush=True)
    practise(ROUNDS)
    print(f'practised {ROUNDS} times')
    _training.write('/out/python.profraw')


main()
