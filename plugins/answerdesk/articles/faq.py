"""FAQ pages: articles whose level-2 headings are questions."""

from collections.abc import Sequence
from typing import Any

from answerdesk.search import Section

QUESTION_MARKS = ("?", "？", "؟")


def is_faq(headings: Sequence[str]) -> bool:
    """Tell whether level-2 headings make an FAQ page: at least two, all of them questions."""
    return len(headings) > 1 and all(heading.rstrip().endswith(QUESTION_MARKS) for heading in headings)


def faq_data(sections: Sequence[Section]) -> dict[str, Any]:
    """Return schema.org's FAQPage for the questions and answers of a page."""
    questions = [section for section in sections if section.heading and section.text]
    return {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "mainEntity": [
            {
                "@type": "Question",
                "name": section.heading,
                "acceptedAnswer": {"@type": "Answer", "text": section.text},
            }
            for section in questions
        ],
    }
