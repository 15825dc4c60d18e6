"""Run the command `ticket-form`, or say what to install for it."""

from click import ClickException

from ticket_form.errors import install_hint


def run() -> None:
    """Run the command. Its dependencies are an optional extra, so a missing one gets an installation hint."""
    try:
        from ticket_form.cli import main
    except ModuleNotFoundError as error:
        if (error.name or "ticket_form").partition(".")[0] in ("answerdesk", "ticket_form"):
            raise
        failure = ClickException(
            f"{error.name} is missing, a package of the ticket form. {install_hint('ticket-form')}"
        )
        failure.show()
        raise SystemExit(failure.exit_code) from None
    main()


if __name__ == "__main__":
    run()
