"""Say which source sections a translation was made from, once its author has brought it up to date."""

from collections.abc import Sequence

from answerdesk.translations.drift import Hashes, match_sections
from answerdesk.translations.errors import RecordError


def record_all(source: Sequence[Hashes], recorded: Sequence[Hashes], count: int) -> tuple[Hashes, ...]:
    """Return the record of a translation of `count` sections that says all that its source says now.

    Raises:
        RecordError: it has not the sections of the source; which of them belong together is for its author to say.
    """
    if recorded and len(recorded) == count:
        partners = match_sections(source, recorded)
        if lacking := sorted(set(range(len(source))) - set(partners)):
            numbers = ", ".join(str(number) for number in lacking)
            raise RecordError(
                f"the translation lacks section {numbers} of the source. Add it with “answerdesk translate”, or record "
                "the sections that are up to date with --section."
            )
        return tuple(() if partner is None else source[partner] for partner in partners)
    if count != len(source):
        raise RecordError(
            f"the translation has {count} sections, the source {len(source)}; the part before the first heading "
            "is one. Give it the same headings, or say which belong together: --section NUMBER --source NUMBER."
        )
    return tuple(source)


def record_section(
    source: Sequence[Hashes], recorded: Sequence[Hashes], count: int, *, section: int, partner: int | None
) -> tuple[Hashes, ...]:
    """Return the record in which one section of the translation says what its source section says now.

    Raises:
        RecordError: there is no such section, or it is not known which source section it was made from.
    """
    if not 0 <= section < count:
        raise RecordError(f"--section is {section}; the translation has the sections 0 to {count - 1}.")
    rows: list[Hashes] = list(recorded) if len(recorded) == count else [()] * count
    if partner is None and rows[section]:
        partner = match_sections(source, rows)[section]
    elif partner is None and count == len(source):
        partner = section
    if partner is None:
        raise RecordError(f"it is not known what section {section} was made from. Say so with --source NUMBER.")
    if not 0 <= partner < len(source):
        raise RecordError(f"--source is {partner}; the source has the sections 0 to {len(source) - 1}.")
    rows[section] = source[partner]
    return tuple(rows)
