"""The interactive prompt, where there is a stream to read from instead of a page that asks for turns."""

import code


class Prompt(code.InteractiveConsole):
    def __init__(self, names, remember):
        super().__init__(names, '<stdin>')
        self._remember = remember

    def runsource(self, source, filename='<input>', symbol='single'):
        try:
            compiled = self.compile(source, filename, symbol)
        except (OverflowError, SyntaxError, ValueError):
            self.showsyntaxerror(filename, source=source)
            return False
        if compiled is None:
            return True
        # The console itself keeps no source, so its tracebacks would show bare line numbers.
        self._remember(compiled, source, filename)
        self.runcode(compiled)
        return False
