"""A real nginx with the example of the documents, as it stands but for addresses and paths of this test."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from servers import PATIENCE, Certificates, free_port, missing

EXAMPLES = Path(__file__).parent.parent / "docs/examples"
MAIN = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; {user}
events {{ worker_connections 512; }}
http {{
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  include {folder}/answerdesk.conf;
}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nginx:
    folder: Path
    port: int
    plain_port: int
    backend: int
    certificates: Certificates

    def logs(self) -> str:
        """Return all that it logged."""
        return "".join(path.read_text("utf-8", "replace") for path in sorted(self.folder.glob("*.log")))


@contextmanager
def running_nginx(
    folder: Path, site: Path, backend: int, certificates: Certificates, **changes: str
) -> Iterator[Nginx]:
    """Run the example before a server on this port; changes replace one value of the example each."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if program is None:
        missing("nginx", 'Run "apt-get install nginx-light".')
    folder.mkdir()
    (folder / "errors").mkdir()
    shutil.copy(EXAMPLES / "unavailable.html", folder / "errors")
    nginx = Nginx(folder=folder, port=free_port(), plain_port=free_port(), backend=backend, certificates=certificates)
    text = (EXAMPLES / "nginx.conf").read_text("utf-8")
    for old, new in {
        "listen 80;": f"listen 127.0.0.1:{nginx.plain_port};",
        "listen 443 ssl;": f"listen 127.0.0.1:{nginx.port} ssl;",
        "127.0.0.1:8000": f"127.0.0.1:{backend}",
        "/etc/ssl/answerdesk/certificate.pem": str(certificates.certificate),
        "/etc/ssl/answerdesk/key.pem": str(certificates.key),
        "/srv/answerdesk/site;": f"{site};",
        "/srv/answerdesk/errors;": f"{folder}/errors;",
        "/var/log/nginx/answerdesk.log": f"{folder}/access.log",
        **changes,
    }.items():
        assert old in text, old
        text = text.replace(old, new)
    (folder / "answerdesk.conf").write_text(text, "utf-8")
    user = "user root;" if Path("/proc/self").owner() == "root" else ""  # the site's folder is for this user alone
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user), "utf-8")
    command = [program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as process:
        try:
            _wait_for(nginx, process)
            yield nginx
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)


def _wait_for(nginx: Nginx, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", nginx.port), timeout=5).close()
        except OSError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"nginx does not start: {nginx.logs()}") from error
            time.sleep(0.02)
        else:
            return
