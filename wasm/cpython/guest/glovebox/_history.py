"""The statements that were typed, in a file: each is there before it runs, whatever becomes of the interpreter."""

import os
from site import gethistoryfile

# The file may grow to twice this before it is shortened.
MOST_ENTRIES = 1000
MOST_BYTES = 4 * 1024 * 1024


class History:
    """Keeps a list in step with the file: lines that go on in the next one end in CR LF."""

    def __init__(self, entries):
        self._entries = entries
        entries[:] = self._load()

    def append(self, entry):
        """Add to the file; to the list the editor has added it already."""
        try:
            with open(self._path(), 'ab') as file:
                file.write(_encode(entry))
        except (OSError, ValueError):
            pass  # No home, or one that is not to be written: it is kept as long as the interpreter lives.

    def _path(self):
        return os.path.expanduser(gethistoryfile())

    def _load(self):
        try:
            with open(self._path(), 'rb') as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - MOST_BYTES))
                content = file.read()
        except (OSError, ValueError):
            return []
        entries = _decode(content)
        if len(entries) <= 2 * MOST_ENTRIES and size <= MOST_BYTES:
            return entries
        entries = entries[-MOST_ENTRIES:]
        try:
            with open(self._path(), 'wb') as file:
                file.write(b''.join(map(_encode, entries)))
        except OSError:
            pass
        return entries


def _encode(entry):
    return entry.replace('\n', '\r\n').encode('utf-8', 'backslashreplace') + b'\n'


def _decode(content):
    text = content.decode('utf-8', 'replace').replace('\0', '')
    return [entry.replace('\0', '\n') for entry in text.replace('\r\n', '\0').split('\n') if entry.strip()]
