"""Times one program in whatever interpreter this is: every engine of the benchmark runs this text."""

import gc
import json
import sys
import time

if hasattr(time, 'perf_counter_ns'):
    _now = time.perf_counter_ns

    def _since(start):
        return _now() - start
else:
    # MicroPython's, which turn over.
    _now = time.ticks_us

    def _since(start):
        return time.ticks_diff(_now(), start) * 1000


def measure(name, size, runs):
    """What `run(size)` of the module gave and how long it took, each time, as JSON; or what went wrong."""
    results, times = [], []
    try:
        module = __import__(name)
        for _ in range(runs):
            # What one run leaves behind is not for the next to clean up.
            gc.collect()
            start = _now()
            result = module.run(size)
            times.append(_since(start))
            results.append(str(result))
    except Exception as error:
        return json.dumps({'error': '%s: %s' % (type(error).__name__, error)})
    return json.dumps({'python': sys.version, 'results': results, 'timesNs': times})
