"""Raise the limit of open files, and derive the maximum number of connections from it."""

import resource

from ticket_form.errors import ConfigurationError

MAX_CONNECTIONS = 2000  # for each process: every turn of the event loop polls all of them
MIN_CONNECTIONS = 32
# A connection has a socket, and a file for its upload or its response.
DESCRIPTORS_PER_CONNECTION = 2
RESERVED_DESCRIPTORS = 128  # database, index shards, deliveries, logs, and connections not yet counted


def bound_connections() -> int:
    """Raise the soft limit of open files as far as useful, and return how many connections a process may hold.

    Raises:
        ConfigurationError: the limit allows fewer than `MIN_CONNECTIONS`.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = RESERVED_DESCRIPTORS + DESCRIPTORS_PER_CONNECTION * MAX_CONNECTIONS
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return connections_within(wanted if soft == resource.RLIM_INFINITY else soft)


def connections_within(descriptors: int) -> int:
    """Return how many connections fit into a limit of open files.

    Raises:
        ConfigurationError: fewer than `MIN_CONNECTIONS`.
    """
    number = (descriptors - RESERVED_DESCRIPTORS) // DESCRIPTORS_PER_CONNECTION
    if number < MIN_CONNECTIONS:
        needed = RESERVED_DESCRIPTORS + DESCRIPTORS_PER_CONNECTION * MIN_CONNECTIONS
        raise ConfigurationError(
            f"Only {descriptors} files may be open at once, and {needed} are needed. "
            "Raise the limit: LimitNOFILE= for systemd, ulimit -n in a shell."
        )
    return min(number, MAX_CONNECTIONS)
