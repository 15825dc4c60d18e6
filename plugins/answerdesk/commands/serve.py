"""The command `answerdesk serve`."""

import os
import sys
import threading
from pathlib import Path

import click

from answerdesk.articles.article import AUDIENCES
from answerdesk.articles.build_audience import Edition, read_today
from answerdesk.articles.errors import ContentError
from answerdesk.commands.options import CONFIG


@click.command()
@CONFIG
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free port.")
@click.option("--audience", type=click.Choice(AUDIENCES), default="public", show_default=True, help="Whose site.")
def serve(config_file: Path, port: int, audience: str) -> None:
    """Show the site while it is written, drafts included; open pages follow every saved change."""
    from answerdesk.preview.file_watch import Watch
    from answerdesk.preview.server import News, open_server  # MkDocs takes long to import
    from answerdesk.preview.session import PreviewSession

    news = News()
    try:
        edition = Edition(today=read_today(os.environ), audience=audience, is_preview=True)
        session = PreviewSession(config_file.resolve(), edition, news, lambda line: click.echo(line, err=True))
        server = open_server(session.site, news, port)
    except ContentError as error:
        click.echo(error, err=True)
        sys.exit(2)
    except OSError as error:
        click.echo(f"port {port}: {error.strerror}. Choose another with --port.", err=True)
        sys.exit(2)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with Watch(session.watched, files=[config_file.resolve()]) as watch:
            session.build()
            click.echo(f"Preview http://127.0.0.1:{server.server_address[1]}/")
            while True:
                if changed := watch.wait(1.0):
                    session.take(changed)
    except KeyboardInterrupt:
        pass
    finally:
        server.shutdown()
        session.close()
