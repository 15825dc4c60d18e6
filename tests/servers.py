"""Real servers for tests, each in a folder of its own on a free port of 127.0.0.1, stopped at the end.

A server that is not installed skips the tests that ask for it; with ANSWERDESK_SERVERS=required, as in CI, it fails
them.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest

from ticket_form.storage.database import open_database

REQUEST_TRACKER = Path(__file__).parent / "request_tracker.sh"
MIGRATED = "migrated"  # a database that has all tables, to copy
PATIENCE = 30.0  # seconds for a server to come up, on a busy machine


def missing(server: str, cure: str) -> NoReturn:
    """Skip a test whose server is not here, or fail it where servers are required."""
    reason = f"{server} is not here. {cure}"
    if os.environ.get("ANSWERDESK_SERVERS") == "required":
        pytest.fail(reason)
    pytest.skip(f"{reason} ANSWERDESK_SERVERS=required makes this a failure.")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def as_user(name: str) -> list[str]:
    """Return what to write before a command so that it runs as a user, where we are root, and ends with us."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={name}", f"--regid={name}", "--init-groups", "--pdeathsig=INT", "--"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgreSQL:
    """A running PostgreSQL."""

    port: int
    password: str

    def url(self, database: str = "postgres") -> str:
        """Return the address of a database."""
        return f"postgresql://answerdesk:{self.password}@127.0.0.1:{self.port}/{database}"

    def run(self, *statements: str, database: str = "postgres") -> None:
        """Run statements outside of any transaction."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def new_database(self, *, template: str = "template1") -> str:
        """Make a database like a template, by default an empty one, and return its address."""
        name = f"tickets_{secrets.token_hex(4)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSQL]:
    """Start PostgreSQL as an operator would run it: durable, with a password."""
    programs = max(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"), default=None, key=lambda path: int(path.parts[4])
    )
    if programs is None:
        missing("PostgreSQL", 'Run "apt-get install postgresql".')
    folder = Path(tempfile.mkdtemp(prefix="answerdesk-postgresql-", dir=_quick_folder()))
    try:
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(folder, "postgres", pwd.getpwnam("postgres").pw_gid)
        yield from _run_postgresql(programs.parent, folder)
    finally:
        shutil.rmtree(folder)


def _quick_folder() -> str | None:
    """Return a folder in memory, if there is room: a hundred databases are made, and none must survive a power cut."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > 2 * 2**30 else None


def _run_postgresql(programs: Path, folder: Path) -> Iterator[PostgreSQL]:
    server = PostgreSQL(port=free_port(), password=secrets.token_hex(8))
    prefix, data = as_user("postgres"), folder / "data"
    (folder / "password").write_text(server.password)
    initdb = [*prefix, str(programs / "initdb"), "-D", str(data), "-U", "answerdesk", "-E", "UTF8", "--no-locale"]
    initdb += ["--no-sync", "-A", "scram-sha-256", f"--pwfile={folder / 'password'}"]
    subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd="/")
    settings = {"port": server.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
    command = [*prefix, str(programs / "postgres"), "-D", str(data)]
    command += [f"--{name}={value}" for name, value in settings.items()]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd="/") as process,
    ):
        try:
            _wait_for(server, process, folder / "log")
            server.run(f"CREATE DATABASE {MIGRATED}")
            open_database(server.url(MIGRATED)).close()
            yield server
        finally:
            process.send_signal(signal.SIGQUIT)  # at once: nobody needs what it would still write
            process.wait(timeout=PATIENCE)


def _wait_for(server: PostgreSQL, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(server.url()).close()
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL does not start: {log.read_text()}") from error
            time.sleep(0.05)
        else:
            return


@pytest.fixture
def postgresql(postgresql_server: PostgreSQL) -> Iterator[str]:
    """Give the address of an empty database."""
    url = postgresql_server.new_database()
    yield url
    postgresql_server.run(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates:
    """An authority of our own, and the certificate that it gave to "localhost"."""

    authority: Path
    certificate: Path
    key: Path


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Make an authority and a certificate."""
    if shutil.which("openssl") is None:
        missing("OpenSSL", 'Run "apt-get install openssl".')
    return make_certificates(tmp_path_factory.mktemp("certificates"))


def make_certificates(folder: Path) -> Certificates:
    """Make an authority, and a certificate by it for localhost."""
    authority, certificate, key = folder / "authority.pem", folder / "certificate.pem", folder / "key.pem"
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    authority_key = folder / "authority.key"
    for command in (
        [*make, "-subj", "/CN=Test authority", "-keyout", authority_key, "-out", authority],
        [*make, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-addext",
         "basicConstraints=critical,CA:FALSE", "-CA", authority, "-CAkey", authority_key, "-keyout", key,
         "-out", certificate],
    ):  # fmt: skip
        subprocess.run(command, check=True, capture_output=True)
    return Certificates(authority=authority, certificate=certificate, key=key)


POSTFIX_SETTINGS = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.example.org
mydestination =
alias_maps =
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = example.org
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = static:inbox/
virtual_mailbox_limit = 0
virtual_uid_maps = static:{user}
virtual_gid_maps = static:{group}
default_transport = error:no mail to elsewhere from a test
message_size_limit = 33554432
smtpd_tls_security_level = may
smtpd_tls_chain_files = {key}, {certificate}
"""
POSTFIX_SERVICES = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(slots=True, kw_only=True)
class Postfix:
    """A Postfix with a queue of its own, which puts all mail to example.org into one folder."""

    folder: Path
    port: int
    _process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it, and wait until it takes mail."""
        command = ["postfix", "-c", str(self.folder / "etc"), "start-fg"]
        with (self.folder / "out").open("ab") as out:
            self._process = subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError as error:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"Postfix does not start: {(self.folder / 'out').read_text()}") from error
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """Stop it; what it has taken stays in its queue."""
        if self._process:
            # Not by a signal: that would end a script, and leave the server behind it.
            subprocess.run(["postfix", "-c", str(self.folder / "etc"), "stop"], capture_output=True, timeout=PATIENCE)
            self._process.wait(timeout=PATIENCE)
            self._process = None

    def inbox(self, *, count: int = 0, patience: float = PATIENCE) -> list[bytes]:
        """Return the messages that were delivered, after there are `count` of them or no more time."""
        new = self.folder / "mail/inbox/new"
        deadline = time.monotonic() + patience
        while len(found := sorted(new.glob("*"))) < count and time.monotonic() < deadline:
            time.sleep(0.05)
        return [path.read_bytes() for path in found]


@pytest.fixture
def postfix(tmp_path: Path, certificates: Certificates) -> Iterator[Postfix]:
    """Start Postfix with an empty inbox."""
    if shutil.which("postfix") is None:
        missing("Postfix", 'Run "apt-get install postfix".')
    if os.geteuid() != 0:
        missing("Postfix", "It starts as root only; run the tests as root.")
    folder = Path(tempfile.mkdtemp(prefix="answerdesk-postfix-"))
    server = Postfix(folder=folder, port=free_port())
    try:
        _configure_postfix(server, certificates)
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


def _configure_postfix(server: Postfix, certificates: Certificates) -> None:
    folder, nobody, postfix = server.folder, pwd.getpwnam("nobody"), pwd.getpwnam("postfix")
    folder.chmod(0o755)
    for name, owner in (("etc", 0), ("queue", 0), ("data", postfix.pw_uid), ("mail", nobody.pw_uid)):
        (folder / name).mkdir()
        os.chown(folder / name, owner, -1)
    values = {
        "folder": folder, "port": server.port, "user": nobody.pw_uid, "group": nobody.pw_gid,
        "key": certificates.key, "certificate": certificates.certificate,
    }  # fmt: skip
    (folder / "etc/main.cf").write_text(POSTFIX_SETTINGS.format(**values))
    (folder / "etc/master.cf").write_text(POSTFIX_SERVICES.format(**values))


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTracker:
    """A running Request Tracker; its user "portal" may make tickets in the queues L1 and L2, and see none of L3."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        """Return its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def token(self) -> str:
        """Return what lets in as "portal"."""
        return (self.folder / "token").read_text().strip()

    def start(self) -> None:
        """Serve, and return when it answers."""
        self._run("start")

    def stop(self) -> None:
        """Serve no longer; the tickets stay."""
        self._run("stop")

    def _run(self, command: str) -> None:
        environment = os.environ | {"RT_STATE": str(self.folder), "RT_PORT": str(self.port)}
        with (self.folder / "log").open("ab") as log:
            done = subprocess.run(["sh", REQUEST_TRACKER, command], env=environment, stdout=log, stderr=log)
        if done.returncode:
            raise RuntimeError(f"Request Tracker does not {command}: {(self.folder / 'log').read_text()}")


@pytest.fixture(scope="session")
def request_tracker_server() -> Iterator[RequestTracker]:
    """Start Request Tracker on SQLite."""
    if not Path("/usr/share/request-tracker5/libexec/rt-server").exists():
        missing("Request Tracker", 'Run "tests/request_tracker.sh install" as root.')
    folder = Path(tempfile.mkdtemp(prefix="answerdesk-request-tracker-"))
    folder.chmod(0o755)  # it runs as another user when we are root
    server = RequestTracker(folder=folder, port=free_port())
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@pytest.fixture
def request_tracker(request_tracker_server: RequestTracker) -> RequestTracker:
    """Give a Request Tracker that runs; a test may stop it."""
    request_tracker_server.start()
    return request_tracker_server
