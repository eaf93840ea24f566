"""HTTP through the page's `network` capability: what http.client and urllib write to a socket goes there, and `fetch`.

Nothing here protects the page: which hosts may be reached, it decides for each request.
"""

import errno
import sys

from importlib.machinery import PathFinder

from glovebox._capabilities import CapabilityError, is_offered, use, use_async

_NAME = 'network'
_PIECE = 1 << 18

# What a socket would have failed with.
_ERRNOS = {
    'forbidden': errno.EACCES,
    'unauthorized': errno.EPERM,
    'timeout': errno.ETIMEDOUT,
    'network': errno.ECONNABORTED,
    'revoked': errno.ECONNABORTED,
    'budget': errno.EDQUOT,
    'busy': errno.EMFILE,
}


def _use(subject, member, *arguments):
    """As a socket does it: refusals are OSErrors, and nothing is left for an event loop to wait for."""
    try:
        return use('call', subject, member, arguments)
    except CapabilityError as refusal:
        raise OSError(_ERRNOS.get(refusal.code, errno.EIO), str(refusal)) from refusal
    except ValueError as refusal:
        raise OSError(errno.EMSGSIZE, str(refusal)) from refusal
    except TypeError as refusal:
        raise OSError(errno.EINVAL, str(refusal)) from refusal


def _body_of(sent, headers):
    """The body that came after the headers; None where more of it is to come."""
    if 'chunked' in headers.get('transfer-encoding', '').lower():
        return _unchunked(sent)
    length = int(headers.get('content-length', 0))
    return bytes(sent[:length]) if len(sent) >= length else None


def _unchunked(sent):
    chunks, at = [], 0
    while True:
        end = sent.find(b'\r\n', at)
        if end < 0:
            return None
        length = int(sent[at:end].split(b';')[0], 16)
        if length == 0:
            return b''.join(chunks)
        at = end + 2 + length + 2
        if len(sent) < at:
            return None
        chunks.append(bytes(sent[end + 2:at - 2]))


class _Wire:
    """In the place of a socket: takes one request, and gives its response."""

    def __init__(self, origin, timeout):
        self._origin = origin
        self._timeout = timeout
        self._sent = bytearray()
        self._response = None

    def sendall(self, data):
        # A view, as http.client wants a TypeError for what has no bytes.
        self._sent += memoryview(data).cast('B')
        if self._response is None:
            self._try()

    def _try(self):
        end = self._sent.find(b'\r\n\r\n')
        if end < 0:
            return
        line, *lines = bytes(self._sent[:end]).decode('latin-1').replace('\r\n\t', ' ').split('\r\n')
        headers = [(name, value.strip()) for name, _, value in (one.partition(':') for one in lines)]
        body = _body_of(self._sent[end + 4:], {name.lower(): value for name, value in headers})
        if body is None:
            return
        method, target, _ = line.split(' ', 2)
        if not target.startswith(('http://', 'https://')):
            target = self._origin + ('' if target.startswith('/') else '/') + target
        # Says nothing, and browsers ask servers first whether it may be said.
        headers = [one for one in headers if not _is_default_agent(*one)]
        answer = _use(_NAME, 'request', target, method, headers, body, False, self._timeout)
        self._response = _reader(*answer, self._timeout)

    def makefile(self, mode='r', buffering=None, **options):
        if self._response is None:
            raise OSError(errno.ENOTCONN, 'no whole request was sent')
        return self._response

    def settimeout(self, seconds):
        self._timeout = seconds

    def gettimeout(self):
        return self._timeout

    def setsockopt(self, *option):
        pass

    def shutdown(self, how):
        pass

    def close(self):
        pass  # What is read goes on, as with a socket.


def _is_default_agent(name, value):
    return name.lower() == 'user-agent' and value.startswith('Python-urllib/')


def _reader(status, reason, url, headers, body, timeout):
    import io

    class Incoming(io.RawIOBase):
        def __init__(self, head):
            self._rest = memoryview(head)
            self._ended = False

        def readable(self):
            return True

        def readinto(self, buffer):
            if not self._rest and not self._ended:
                self._rest = memoryview(_use(body, 'read', max(len(buffer), _PIECE), timeout))
                self._ended = not self._rest
            count = min(len(buffer), len(self._rest))
            buffer[:count] = self._rest[:count]
            self._rest = self._rest[count:]
            return count

        def close(self):
            if not self.closed and not self._ended:
                self._ended = True
                try:
                    _use(body, 'close')
                except OSError:
                    pass
            super().close()

    lines = [f'HTTP/1.1 {status} {reason}', *(f'{name}: {value}' for name, value in headers)]
    head = '\r\n'.join([*lines, 'Connection: close', '', '']).encode('latin-1', 'replace')
    return io.BufferedReader(Incoming(head), _PIECE)


def connect_client(client):
    """Let http.client, and whoever builds on it, go through the page: there are no sockets."""
    def connect(self):
        if not is_offered(_NAME):
            raise OSError(errno.ENETUNREACH, 'the page gives no network')
        sys.audit('http.client.connect', self, self.host, self.port)
        # No proxy is asked, whatever the program's environment names: the page connects by itself.
        host, port = self._tunnel_host or self.host, self._tunnel_port or self.port
        scheme = 'https' if isinstance(self, HTTPSConnection) else 'http'
        host = f'[{host}]' if ':' in host else host
        timeout = self.timeout
        if timeout is client.socket._GLOBAL_DEFAULT_TIMEOUT:
            timeout = client.socket.getdefaulttimeout()
        self.sock = _Wire(f'{scheme}://{host}:{port}', timeout)

    class HTTPSConnection(client.HTTPConnection):
        """TLS is the page's: a context says nothing here."""

        default_port = client.HTTPS_PORT

        def __init__(self, host, port=None, *, context=None, **options):
            super().__init__(host, port, **options)
            self._context = context

    HTTPSConnection.__module__ = client.__name__
    HTTPSConnection.__qualname__ = 'HTTPSConnection'
    client.HTTPConnection.connect = connect
    client.HTTPSConnection = HTTPSConnection
    client._create_https_context = lambda version: None
    client.__all__.append('HTTPSConnection')


class _Loader:
    """Loads http.client as ever, and connects it."""

    def __init__(self, loader):
        self._loader = loader

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        self._loader.exec_module(module)
        connect_client(module)


def find_client(name, path, target):
    spec = PathFinder.find_spec(name, path, target)
    # Not a program's own package of that name.
    if spec is not None and (spec.origin or '').startswith(sys._stdlib_dir):
        spec.loader = _Loader(spec.loader)
    return spec


def _in_coroutine():
    asyncio = sys.modules.get('asyncio')
    return asyncio is not None and asyncio._get_running_loop() is not None


class Response:
    """What a server answered. In a coroutine await `read`, `text` and `json`; elsewhere they give it at once."""

    def __init__(self, status, reason, url, headers, body):
        self.status = status
        self.reason = reason
        self.url = url
        self.headers = dict(headers)
        """By name in small letters."""
        self._body = body

    def __repr__(self):
        return f'<Response {self.status} of {self.url}>'

    @property
    def ok(self):
        return 200 <= self.status < 300

    def read(self, size=-1):
        """All that is left, or up to `size` bytes of it as soon as there are some."""
        return self._later(size, bytes) if _in_coroutine() else self._now(size, bytes)

    def text(self):
        decode = self._decode
        return self._later(-1, decode) if _in_coroutine() else self._now(-1, decode)

    def json(self):
        from json import loads
        return self._later(-1, loads) if _in_coroutine() else self._now(-1, loads)

    def close(self):
        use('call', self._body, 'close')

    def _decode(self, content):
        _, _, charset = self.headers.get('content-type', '').lower().partition('charset=')
        return content.decode(charset.split(';')[0].strip(' "') or 'utf-8', 'replace')

    def _now(self, size, convert):
        if size >= 0:
            return convert(use('call', self._body, 'read', (size, None)))
        pieces = []
        while piece := use('call', self._body, 'read', (_PIECE, None)):
            pieces.append(piece)
        return convert(b''.join(pieces))

    async def _later(self, size, convert):
        if size >= 0:
            return convert(await use_async(self._body, 'read', (size, None)))
        pieces = []
        while piece := await use_async(self._body, 'read', (_PIECE, None)):
            pieces.append(piece)
        return convert(b''.join(pieces))


def fetch(url, *, method='GET', headers=(), body=None, follow=True, timeout=None):
    """Ask a server for something, through the page. In a coroutine to be awaited.

    `headers`: a dict or pairs; `body`: bytes, or text as UTF-8; `follow`: redirects as far as the page allows it;
    `timeout`: seconds until the response begins. Refusals are `CapabilityError`s; any status is an answer.
    """
    pairs = list(headers.items() if hasattr(headers, 'items') else headers)
    content = body.encode() if isinstance(body, str) else body
    arguments = (url, method, pairs, content, follow, timeout)
    if _in_coroutine():
        return _fetch_later(arguments)
    return Response(*use('call', _NAME, 'request', arguments))


async def _fetch_later(arguments):
    return Response(*await use_async(_NAME, 'request', arguments))
