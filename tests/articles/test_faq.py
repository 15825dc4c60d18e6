"""FAQ pages."""

import pytest

from answerdesk.articles.faq import faq_data, is_faq
from answerdesk.search import Section


@pytest.mark.parametrize(
    "headings",
    [["Why?", "How?"], ["为什么？", "怎么办？"], ["لماذا؟", "كيف؟"], ["Why? ", "How?", "When?"]],
    ids=["Latin", "Chinese", "Arabic", "with a blank"],
)
def test_two_or_more_questions_make_an_faq(headings: list[str]) -> None:
    assert is_faq(headings)


@pytest.mark.parametrize(
    "headings", [[], ["Why?"], ["Why?", "Steps"], ["What you see", "What to do"], ["Why? Because", "How?"]]
)
def test_other_headings_make_none(headings: list[str]) -> None:
    assert not is_faq(headings)


def test_questions_and_answers_become_schema_org_data() -> None:
    found = faq_data([Section(heading="Why?", anchor="why", text="Because."), Section(heading="How?", text="So.")])
    assert (found["@context"], found["@type"]) == ("https://schema.org", "FAQPage")
    assert found["mainEntity"] == [
        {"@type": "Question", "name": "Why?", "acceptedAnswer": {"@type": "Answer", "text": "Because."}},
        {"@type": "Question", "name": "How?", "acceptedAnswer": {"@type": "Answer", "text": "So."}},
    ]


@pytest.mark.parametrize("section", [Section(text="Preface."), Section(heading="Unanswered?")], ids=["preface", "bare"])
def test_what_is_no_question_with_an_answer_is_left_out(section: Section) -> None:
    assert faq_data([section])["mainEntity"] == []
