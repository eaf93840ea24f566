# expect: cpu, timeout
# Has the monitoring put an exception of its own in the place of whatever is no plain Exception.
import sys

monitoring = sys.monitoring


def replace(code, offset, exception):
    if not isinstance(exception, Exception):
        raise ValueError


monitoring.use_tool_id(4, 'hostile')
monitoring.register_callback(4, monitoring.events.RAISE, replace)
monitoring.set_events(4, monitoring.events.RAISE)
while True:
    try:
        while True:
            pass
    except ValueError:
        pass
