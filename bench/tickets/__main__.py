"""Break the ticket form in every way that machines break, put it under load, and count what is missing.

    python -m bench.tickets load --peer-script START_DJANGO_HELPDESK
    python -m bench.tickets kill --rounds 200
    python -m bench.tickets worker-kill --rounds 25
    python -m bench.tickets power-cut --rounds 50
    python -m bench.tickets disk-full
    python -m bench.tickets postgres --rounds 20
    python -m bench.tickets slow --connections 2500
    python -m bench.tickets erase
    python -m bench.tickets flood
    python -m bench.tickets outage --url http://127.0.0.1:8085 --token-file TOKEN --stop COMMAND --start COMMAND
    python -m bench.tickets --help

Prints figures as Markdown tables and asserts nothing. Run it from an environment that has the project installed.
"""

import logging
import platform
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path

import click

from bench.table import as_markdown
from bench.tickets import channels, disk, erase, flood, kill, load, outage, postgres, power, slow, worker, writers
from bench.tickets.client import Target
from bench.tickets.desk import DeskError, make_desk, make_site
from bench.tickets.targets import DjangoHelpdesk, OurDesk
from bench.tickets.tracker import Tracker


def tracker_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say where a Request Tracker is; the command gets a Tracker, or None."""

    @click.option("--url", help="Of Request Tracker, such as http://127.0.0.1:8085.")
    @click.option("--queue", default="L1", show_default=True, help="Its queue for the tickets.")
    @click.option("--token-file", type=click.Path(exists=True, path_type=Path), help="Holds a token of its user.")
    @wraps(command)
    def with_tracker(url: str | None, queue: str, token_file: Path | None, **others: object) -> None:
        is_given = url is not None and token_file is not None
        token = token_file.read_text("utf-8").strip() if token_file else ""
        command(tracker=Tracker(url=url or "", queue=queue, token=token) if is_given else None, **others)

    return with_tracker


@click.group()
@click.option("--site", type=click.Path(exists=True, path_type=Path), help="A built site; else one is built.")
@click.pass_context
def main(context: click.Context, site: Path | None) -> None:
    """Measure how tickets survive what machines and networks do to them."""
    context.obj = site
    logging.getLogger("ticket_form").addHandler(logging.NullHandler())  # failures are what is wanted here


@main.command("load")
@click.option("--seconds", default=10.0, show_default=True, type=click.FloatRange(1), help="Of each phase.")
@click.option("--connections", default=16, show_default=True, type=click.IntRange(1), help="How many ask at once.")
@click.option("--phases", default=",".join(load.PHASES), show_default=True, help="Which, by comma.")
@click.option("--peer-script", type=click.Path(exists=True, path_type=Path), help="Starts django-helpdesk.")
@click.option("--peer-url", default="http://127.0.0.1:8086", show_default=True, help="Where it then is.")
@click.option("--peer-stop", help="A command that stops it.")
def run_load(
    seconds: float, connections: int, phases: str, peer_script: Path | None, peer_url: str, peer_stop: str | None
) -> None:  # fmt: skip
    """Ask as quickly as the answers come, beside django-helpdesk; then have three times too many tickets come."""
    chosen = [phase for phase in load.PHASES if phase in phases.split(",")]
    with _folder() as folder:
        desk = make_desk(folder, _site(folder))
        peers: list[Target] = []
        try:
            if peer_script:
                subprocess.run([str(peer_script.resolve())], check=True, stdout=sys.stderr, cwd=folder)
                peers.append(DjangoHelpdesk(peer_url))
            desk.start()
            rows = [
                load.measure_phase(
                    target, phase, connections=connections, seconds=seconds,
                    pid=desk.pid if isinstance(target, OurDesk) else None,
                )
                for phase in chosen
                for target in (OurDesk(desk), *peers)
            ]  # fmt: skip
            rates = [float(row[3]) for row in rows if row[:2] == [load.TITLES["ticket"], OurDesk.name]]
            overload = [load.measure_overload(desk, rate=rate, seconds=seconds) for rate in rates]
        finally:
            desk.stop()
            if peer_stop:
                subprocess.run(peer_stop, shell=True, check=False)
        click.echo(
            f"{platform.platform()}, Python {platform.python_version()}; "
            f"the disk alone: {load.count_fsyncs(folder):.0f} fsyncs a second\n"
        )
        _show(load.COLUMNS, rows)
        if overload:
            click.echo()
            _show(load.OVERLOAD_COLUMNS, overload)


@main.command("kill")
@click.option("--rounds", default=200, show_default=True, type=click.IntRange(1), help="How often to kill.")
@click.option("--clients", default=8, show_default=True, type=click.IntRange(1), help="How many post meanwhile.")
def run_kill(rounds: int, clients: int) -> None:
    """Kill the server (SIGKILL) in the middle of posts."""
    with _folder() as folder:
        row = kill.stop_in_rounds(folder, _site(folder), rounds=rounds, clients=clients, how=signal.SIGKILL)
        _show(kill.COLUMNS, [row])


@main.command()
@click.option("--rounds", default=20, show_default=True, type=click.IntRange(1), help="How often to stop.")
@click.option("--clients", default=8, show_default=True, type=click.IntRange(1), help="How many post meanwhile.")
def sigterm(rounds: int, clients: int) -> None:
    """Stop the server as an operator does (SIGTERM) in the middle of posts."""
    with _folder() as folder:
        row = kill.stop_in_rounds(folder, _site(folder), rounds=rounds, clients=clients, how=signal.SIGTERM)
        _show(kill.COLUMNS, [row])


@main.command("slow")
@click.option("--connections", default=2500, show_default=True, type=click.IntRange(1), help="Of slow clients.")
@click.option("--seconds", default=45.0, show_default=True, type=click.FloatRange(1), help="Of each kind.")
@click.option("--visitors", default=20.0, show_default=True, type=click.FloatRange(1), help="Honest ones a second.")
@click.option("--kinds", default=",".join(slow.KINDS), show_default=True, help="Which slow clients, by comma.")
@click.option("--processes", type=click.IntRange(1), help="That answer; else as many as the program chooses.")
@click.option("--command", help="Another program that takes the same arguments as ticket-form.")
def run_slow(
    connections: int, seconds: float, visitors: float, kinds: str, processes: int | None, command: str | None
) -> None:
    """Hold thousands of connections that stall or trickle, and take the time of honest visitors meanwhile."""
    with _folder() as folder:
        desk = make_desk(folder, _site(folder), **({"command": command.split()} if command else {}))
        desk.arguments = ("--processes", str(processes)) if processes else ()
        rows = []
        for kind in kinds.split(","):
            for is_trickling in (False, True):
                desk.start()
                attack = slow.Attack(name=kind, connections=connections, is_trickling=is_trickling)
                rows.append(slow.measure_slow(OurDesk(desk), attack, seconds=seconds, visitors=visitors))
                desk.stop()
        _show(slow.COLUMNS, rows)


@main.command("erase")
@click.option("--megabytes", default=430, show_default=True, type=click.IntRange(4), help="That a person has sent.")
@click.option("--rate", default=20.0, show_default=True, type=click.FloatRange(1), help="Posts a second meanwhile.")
@click.option("--quiet", default=10.0, show_default=True, type=click.FloatRange(1), help="Seconds of posts before.")
def run_erase(megabytes: int, rate: float, quiet: float) -> None:
    """Forget a person who sent much, take the time of others' posts, and look for the words in the files."""
    with _folder() as folder:
        desk = make_desk(folder, _site(folder))
        rows = erase.measure_erasing(desk, megabytes=megabytes, rate=rate, quiet_seconds=quiet)
        click.echo(f"The disk alone: {load.count_fsyncs(folder):.0f} fsyncs a second\n")
        _show(erase.COLUMNS, rows)


@main.command("flood")
@click.option("--tickets", default=50, show_default=True, type=click.IntRange(1), help="With a file of 9.9 MB each.")
def run_flood(tickets: int) -> None:
    """Have one client send large files, and look how much of them is stored."""
    with _folder() as folder:
        _show(flood.COLUMNS, flood.measure_flood(make_desk(folder, _site(folder), more=flood.USUAL), tickets=tickets))


@main.command("worker-kill")
@click.option("--rounds", default=25, show_default=True, type=click.IntRange(1), help="How often at each point.")
def worker_kill(rounds: int) -> None:
    """Kill the worker at every point of a delivery; everything must arrive a minute after its lease."""
    with _folder() as folder:
        _show(
            worker.COLUMNS,
            [worker.kill_at(folder, point, rounds=rounds) for point in worker.POINTS],
        )


@main.command("power-cut")
@click.option("--rounds", default=50, show_default=True, type=click.IntRange(0), help="Cuts with our settings.")
@click.option("--control-rounds", default=10, show_default=True, type=click.IntRange(0), help="Cuts of the control.")
@click.option("--clients", default=8, show_default=True, type=click.IntRange(1), help="How many post meanwhile.")
def power_cut(rounds: int, control_rounds: int, clients: int) -> None:
    """Look at the disk as it is in the middle of posts (root); the control, synchronous=NORMAL, must lose tickets."""
    with _folder() as folder:
        rows = power.cut_rows(folder, _site(folder), rounds=rounds, control_rounds=control_rounds, clients=clients)
        _show(power.COLUMNS, rows)


@main.command("disk-full")
@click.option("--refusals", default=50, show_default=True, type=click.IntRange(1), help="Posts to a full disk.")
def disk_full(refusals: int) -> None:
    """Fill the disk in the middle of posts, then make room (root)."""
    with _folder() as folder:
        _show(disk.COLUMNS, [disk.fill_disk(folder, _site(folder), refusals=refusals)])


@main.command("io-error")
@click.option("--refusals", default=50, show_default=True, type=click.IntRange(1), help="Posts while fsync fails.")
def io_error(refusals: int) -> None:
    """Have every fsync fail in the middle of posts (strace)."""
    with _folder() as folder:
        _show(disk.COLUMNS, [disk.fail_disk(folder, _site(folder), refusals=refusals)])


@main.command("writers")
@click.option("--processes", default=50, show_default=True, type=click.IntRange(1), help="How many write at once.")
@click.option("--tickets", default=20, show_default=True, type=click.IntRange(1), help="How many each stores.")
def run_writers(processes: int, tickets: int) -> None:
    """Let many processes write to one SQLite file."""
    with _folder() as folder:
        row = writers.write_together(folder, processes=processes, tickets=tickets)
        _show(writers.COLUMNS, [row])


@main.command("postgres")
@click.option("--rounds", default=20, show_default=True, type=click.IntRange(1), help="How many crashes.")
@click.option("--clients", default=8, show_default=True, type=click.IntRange(2), help="How many post meanwhile.")
def run_postgres(rounds: int, clients: int) -> None:
    """Crash PostgreSQL (pg_ctl stop -m immediate) under two servers and two workers."""
    with _folder() as folder:
        _show(
            postgres.COLUMNS,
            [postgres.crash_in_rounds(folder, _site(folder), rounds=rounds, clients=clients)],
        )


@main.command("lost-answers")
@click.option("--tickets", default=50, show_default=True, type=click.IntRange(1), help="How many answers are lost.")
@tracker_options
def lost_answers(tickets: int, tracker: Tracker | None) -> None:
    """Lose the first answer about each ticket, at a webhook, a mail server, and Request Tracker if it is given."""
    kinds = ["webhook", "email", *(["request_tracker"] if tracker else [])]
    with _folder() as folder:
        rows = [
            channels.lose_in_channel(
                folder / kind, kind, tickets=tickets, tracker=tracker if kind == "request_tracker" else None
            )
            for kind in kinds
        ]
        _show(channels.LOST_COLUMNS, rows)


@main.command()
@click.option("--tickets", default=100, show_default=True, type=click.IntRange(5), help="A fifth of them is followed.")
def poison(tickets: int) -> None:
    """Send what the other side refuses, and what makes a channel fail, between good tickets."""
    with _folder() as folder:
        poisoned, neighbours = channels.poison(folder, tickets=tickets)
        _show(channels.POISON_COLUMNS, poisoned)
        click.echo()
        _show(channels.NEIGHBOUR_COLUMNS, neighbours)


@main.command("outage")
@click.option("--tickets", default=500, show_default=True, type=click.IntRange(1), help="How many come meanwhile.")
@click.option("--away", default=30.0, show_default=True, help="Seconds it stays away after the last.")
@click.option("--stop", required=True, help="A command that stops Request Tracker.")
@click.option("--start", required=True, help="A command that starts it and ends when it answers.")
@tracker_options
def run_outage(tickets: int, away: float, stop: str, start: str, tracker: Tracker | None) -> None:
    """Stop a real Request Tracker, take tickets, start it, and count what is there."""
    with _folder() as folder:
        row = outage.outlast_outage(
            folder, _site(folder), _demand(tracker), tickets=tickets, stop=stop, start=start, away=away
        )
        _show(outage.OUTAGE_COLUMNS, [row])


@main.command()
@click.option("--tickets", default=100, show_default=True, type=click.IntRange(2), help="How many, one after another.")
@click.option("--pause", default=0.5, show_default=True, help="Seconds between them.")
@tracker_options
def arrival(tickets: int, pause: float, tracker: Tracker | None) -> None:
    """Take the time from a post until the ticket is found in a real Request Tracker."""
    with _folder() as folder:
        row = outage.time_arrivals(folder, _site(folder), _demand(tracker), tickets=tickets, pause=pause)
        _show(outage.ARRIVAL_COLUMNS, [row])


def _demand(tracker: Tracker | None) -> Tracker:
    if tracker is None:
        raise click.UsageError("Give --url and --token-file of a running Request Tracker.")
    return tracker


@contextmanager
def _folder() -> Iterator[Path]:
    """Give a folder that is removed in the end; tell in one line what a measurement lacks."""
    try:
        with tempfile.TemporaryDirectory(prefix="bench-tickets-") as folder:
            yield Path(folder)
    except DeskError as error:
        sys.exit(str(error))


def _site(folder: Path) -> Path:
    given: Path | None = click.get_current_context().obj
    return given.resolve() if given else make_site(folder)


def _show(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    click.echo(as_markdown(columns, rows))


if __name__ == "__main__":
    main()
