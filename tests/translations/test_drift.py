"""What of a translation is no longer true after its source changed."""

from hypothesis import given
from hypothesis import strategies as st

from answerdesk.translations.drift import Change, Drift, DriftState, Mark, NewSection, SectionDrift, find_drift

TOP = ("title", "summary")
STEPS = ("heading", "one", "two", "three")
END = ("ending", "call")
MADE_FROM = [TOP, STEPS, END]
COUNTS = [2, 4, 2]


def drift(*source: tuple[str, ...], recorded: list[tuple[str, ...]] = MADE_FROM, counts: list[int] = COUNTS) -> Drift:
    return find_drift(source, recorded, counts)


def test_a_translation_of_what_the_source_says_now_is_current() -> None:
    assert drift(TOP, STEPS, END).state is DriftState.CURRENT


def test_a_changed_step_is_marked_and_no_other() -> None:
    found = drift(TOP, ("heading", "one", "TWO", "three"), END)
    mark = Mark(change=Change.CHANGED, at=2, source=(2,))
    assert found == Drift(sections=(SectionDrift(section=1, source=1, marks=(mark,)),))


def test_a_new_step_is_marked_where_it_belongs() -> None:
    found = drift(TOP, ("heading", "one", "NEW", "NEWER", "two", "three"), END)
    assert found.sections[0].marks == (Mark(change=Change.ADDED, at=1, source=(2, 3)),)


def test_a_step_that_is_gone_is_marked() -> None:
    assert drift(TOP, ("heading", "one", "three"), END).sections[0].marks == (Mark(change=Change.REMOVED, at=2),)


def test_a_step_that_became_two_is_changed_and_followed_by_a_new_one() -> None:
    marks = drift(TOP, ("heading", "one", "TWO", "AND A HALF", "three"), END).sections[0].marks
    assert marks == (Mark(change=Change.CHANGED, at=2, source=(2,)), Mark(change=Change.ADDED, at=2, source=(3,)))


def test_where_the_blocks_are_not_those_of_the_source_the_whole_section_is_meant() -> None:
    found = drift(TOP, ("heading", "one", "TWO", "three"), END, counts=[2, 3, 2])
    assert found.sections == (SectionDrift(section=1, source=1),)


def test_sections_that_only_moved_are_current() -> None:
    assert drift(TOP, END, STEPS) == Drift()


def test_a_section_that_moved_and_changed_is_found_by_what_it_kept() -> None:
    found = drift(TOP, END, ("heading", "one", "TWO", "three"))
    assert [(row.section, row.source) for row in found.sections] == [(1, 2)]


def test_a_section_written_anew_is_found_by_its_place() -> None:
    found = drift(TOP, ("x", "y"), END)
    assert [(row.section, row.source) for row in found.sections] == [(1, 1)]
    assert found.new == ()


def test_a_new_section_is_lacking_after_the_one_before_it() -> None:
    assert drift(TOP, STEPS, ("new", "text"), END).new == (NewSection(source=2, after=1),)


def test_a_section_that_the_source_has_no_more_is_marked() -> None:
    assert drift(TOP, STEPS).sections == (SectionDrift(section=2, source=None),)


def test_a_section_of_the_translations_own_is_never_marked() -> None:
    recorded: list[tuple[str, ...]] = [TOP, STEPS, (), END]
    assert drift(TOP, STEPS, END, recorded=recorded, counts=[2, 4, 9, 2]).state is DriftState.CURRENT


def test_a_changed_title_is_marked_at_the_top() -> None:
    assert drift(("TITLE", "summary"), STEPS, END).sections[0].marks == (
        Mark(change=Change.CHANGED, at=0, source=(0,)),
    )


def test_in_a_translation_with_other_sections_than_recorded_what_changed_stands_at_its_end() -> None:
    found = drift(TOP, ("heading", "one", "TWO", "three"), END, counts=[2, 4, 1, 2])
    assert found == Drift(new=(NewSection(source=1, after=3),))


hashes = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=6).map(tuple)
texts = st.lists(hashes, min_size=1, max_size=5)


@given(texts, texts)
def test_whatever_changed_every_new_block_is_shown_and_every_mark_is_on_a_block(
    source: list[tuple[str, ...]], recorded: list[tuple[str, ...]]
) -> None:
    found = find_drift(source, recorded, [len(row) for row in recorded])
    shown = {row.source for row in found.new}
    for row in found.sections:
        assert all(0 <= mark.at < len(recorded[row.section]) for mark in row.marks)
        if row.source is None:
            continue
        shown.add(row.source)
        marked = {number for mark in row.marks for number in mark.source}
        kept = [block for number, block in enumerate(source[row.source]) if number not in marked]
        gone = {mark.at for mark in row.marks if not mark.change.is_between}
        assert kept == [block for number, block in enumerate(recorded[row.section]) if number not in gone]
    assert all(number in shown or text in recorded for number, text in enumerate(source))
    assert all(0 <= row.after < len(recorded) for row in found.new)
