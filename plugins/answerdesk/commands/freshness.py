"""The command `answerdesk freshness`."""

import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from answerdesk.commands.options import CONFIG, told

if TYPE_CHECKING:
    from answerdesk.authoring.content_inventory import ContentInventory
    from answerdesk.freshness.report import Owner

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@CONFIG
@click.option("--today", "day", help="The day to report on, as YYYY-MM-DD.")
@click.option("--soon", type=click.IntRange(min=0), default=30, show_default=True, help="Days to look ahead.")
@click.option("--owner", "only", multiple=True, help="Only this owner's articles; may be given several times.")
@click.option("--csv", "csv_file", type=FILE, help="Write all articles into a table.")
@click.option("--html", "html_file", type=FILE, help="Write the report as a page.")
@click.option("--mail", is_flag=True, help="Send each owner who has something to review a mail.")
@click.option("--dry-run", is_flag=True, help="With --mail: print the mails, and send none.")
def freshness(
    config_file: Path, day: str | None, soon: int, only: tuple[str, ...], csv_file: Path | None,
    html_file: Path | None, mail: bool, dry_run: bool,
) -> None:  # fmt: skip
    """Report, by owner, which articles are to be reviewed."""
    from answerdesk.articles.build_audience import read_day, read_today
    from answerdesk.articles.errors import ContentError
    from answerdesk.authoring.content_inventory import open_inventory
    from answerdesk.freshness.report import make_report
    from answerdesk.freshness.table import table
    from answerdesk.freshness.wording import report_lines
    from answerdesk.support.atomic_write import write_whole

    with told():
        if dry_run and not mail:
            raise ContentError("--dry-run is for mails. Add --mail.")
        inventory = open_inventory(config_file.resolve())
        today = read_day(day, "--today") if day else read_today(os.environ)
        articles, unreadable = inventory.articles()
        owners = make_report(articles, today, grace_days=inventory.grace_days, soon=soon)
        if strange := sorted(set(only) - {owner.name for owner in owners}):
            raise ContentError(
                f"--owner is {strange[0]!r}; articles have: {', '.join(owner.name for owner in owners)}."
            )
        owners = tuple(owner for owner in owners if not only or owner.name in only)
        if csv_file:
            write_whole(_outside(inventory, csv_file), table(owners).encode("utf-8-sig"))
            click.echo(_written(csv_file, owners))
        if html_file:
            write_whole(_outside(inventory, html_file), _page(inventory, owners, today).encode("utf-8"))
            click.echo(_written(html_file, owners))
        if not mail:
            for line in report_lines(owners, today):
                click.echo(line)
        if unreadable:
            click.echo(f"{unreadable} files cannot be read; “answerdesk check” names them.", err=True)
        if mail and not _mail(inventory, owners, is_dry=dry_run):
            sys.exit(1)


def _written(file: Path, owners: "tuple[Owner, ...]") -> str:
    """Return what a file that was written holds."""
    from answerdesk.freshness.wording import articles

    return f"{file} written: {articles(sum(len(owner.rows) for owner in owners))}."


def _outside(inventory: "ContentInventory", file: Path) -> Path:
    """Return a file that is not part of the public site."""
    from answerdesk.articles.errors import ContentError

    site = Path(inventory.config.site_dir).parent
    if site in file.resolve().parents:
        raise ContentError(f"{file} is in {site}, which everyone may read. Write it to another folder.")
    return file


def _page(inventory: "ContentInventory", owners: "tuple[Owner, ...]", today: date) -> str:
    from answerdesk.articles.assets import accent_style
    from answerdesk.articles.context import read_language
    from answerdesk.articles.theme import portal_folder
    from answerdesk.freshness.page import report_page

    portal = portal_folder(inventory.config)
    accent = inventory.config.plugins["answerdesk/articles"].config.accent
    return report_page(
        owners,
        today,
        company=inventory.catalogue.variables(inventory.languages[0]).get("company", ""),
        languages=[read_language(portal / "words", code) for code in inventory.languages],
        styles=[accent_style(accent), (portal / "assets/portal.css").read_text("utf-8")],
    )


def _mail(inventory: "ContentInventory", owners: "tuple[Owner, ...]", *, is_dry: bool) -> bool:
    """Send the owners their mails, or print them; tell whether each has got one."""
    from email.headerregistry import Address

    from answerdesk.freshness.digest import write_digests
    from answerdesk.freshness.owners import load_owners
    from answerdesk.freshness.smtp import SENDER, URL, read_sender, read_server

    addresses = load_owners(inventory.content)
    sender_text = os.environ.get(SENDER, "")
    sender = Address(addr_spec="nobody@example.com") if is_dry and not sender_text else read_sender(sender_text)
    mails = write_digests(owners, addresses, sender=sender, now=datetime.now(UTC), source=inventory.languages[0])
    lost = [owner.name for owner in owners if owner.asked and owner.name not in addresses]
    for name in lost:
        click.echo(f"{inventory.content.name}/owners.yml: {name} is missing. Add “{name}: <address>”.", err=True)
    failed = len(lost)
    if is_dry:
        for mail in mails:
            click.echo(f"To: {mail['To']}\nSubject: {mail['Subject']}\n\n{mail.get_content()}")
    elif mails:
        for mail, reason in read_server(os.environ.get(URL, "")).send(mails):
            click.echo(f"{mail['To']}: {f'not sent: {reason}' if reason else 'sent'}", err=bool(reason))
            failed += bool(reason)
    if not mails and not lost:
        click.echo("Nothing is to be reviewed; no mail was written.")
    return not failed
