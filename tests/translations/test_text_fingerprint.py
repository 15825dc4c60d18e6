"""Texts are known again by their sketches when words of them have changed."""

import pytest

from answerdesk.translations.align import ALIKE
from answerdesk.translations.text_fingerprint import PLACES, likeness, sketch

STEPS = {
    "Open the settings of your phone and choose Network.": "Open the settings of your telephone and choose Networks.",
    "Press **Reset**, then wait until the light is green.": "Press **Reset** long, then wait until the light is blue.",
    "선생님의 휴대폰에서 설정 앱을 여세요.": "휴대폰에서 설정 앱을 열고 네트워크를 고르세요.",
    "在手机上打开“设置”，然后选择“网络”。": "在手机上打开“设置”应用，然后选择“网络和互联网”。",
    "Call the service desk: 123.": "Call the service desk by telephone: 123 or 124.",
}


@pytest.mark.parametrize(("before", "after"), STEPS.items())
def test_a_changed_step_is_more_like_itself_than_like_any_other(before: str, after: str) -> None:
    own = likeness(sketch(before), sketch(after))
    assert own >= ALIKE
    assert all(likeness(sketch(before), sketch(other)) < own for other in STEPS.values() if other != after)


def test_line_breaks_and_capital_letters_make_no_difference() -> None:
    assert sketch("Open the\n   Settings") == sketch("open the settings")


@pytest.mark.parametrize("text", ["", " ", "a", "\ud800", "Open it. " * 500])
def test_any_text_has_one_of_the_same_length(text: str) -> None:
    assert len(sketch(text)) == PLACES
    assert likeness(sketch(text), sketch(text)) == 1
    assert likeness("", sketch(text)) == 0
