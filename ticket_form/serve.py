"""Run the app with waitress until somebody stops it."""

import signal
import socket
from collections.abc import Callable

from flask import Flask
from waitress.server import create_server

from ticket_form.errors import ConfigurationError

THREADS = 8
# Flask refuses more than 256 kB with a page of ours; beyond this, waitress does not even read on.
LARGEST_BODY = 16 * 1024 * 1024


def serve(app: Flask, *, host: str, port: int, proxies: int, announce: Callable[[str], None]) -> None:
    """Serve until Ctrl-C or SIGTERM, answering what was begun; announce the address once it can be opened."""
    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGTERM, _stop)
    listener = _listen(host, port)
    server = create_server(
        app,
        sockets=[listener],
        threads=THREADS,
        ident=None,
        max_request_body_size=LARGEST_BODY,
        # Without proxies waitress takes the X-Forwarded headers away; with them ProxyFix reads them.
        clear_untrusted_proxy_headers=proxies == 0,
    )
    try:
        announce(address(host, listener.getsockname()[1]))
        server.run()  # returns on KeyboardInterrupt
    except KeyboardInterrupt:
        pass  # stopped before it ran
    finally:
        server.close()
        listener.close()


def address(host: str, port: int) -> str:
    """Return the URL under which a browser on this machine reaches the server."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - shown, not bound
    return f"http://{reached}:{port}"


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server((where[0], port), family=family, backlog=1024)
    except (socket.gaierror, UnicodeError) as error:
        raise ConfigurationError(f"{host}: is no address of this machine. Choose another with --host.") from error
    except OSError as error:
        raise ConfigurationError(
            f"{host}:{port}: cannot be opened ({error.strerror}). "
            "Stop the program that uses this port, or choose another with --port."
        ) from error


def _stop(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
