"""The company's values in texts, and braces that are shown."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerdesk.articles.variables import escape_variables, fill, find_variables
from answerdesk.authoring.check_site import check_content

VALUES = {"company": "Example", "phone": "+1 202"}
TEXTS = st.lists(
    st.sampled_from(["\\", "{{ company }}", "{{nobody}}", "{% raw %}", "{% endraw %}", "{{", "}}", "x", " ", "\n"])
).map("".join)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Call {{ phone }}.", "Call +1 202."),
        (r"Write \{{ phone }}.", "Write {{ phone }}."),
        (r"`\{{phone}}` and \{{ nobody }}", "`{{phone}}` and {{ nobody }}"),
        (r"\\files\\{{ company }}", r"\\files\Example"),
        (r"\\\{{ company }}", r"\{{ company }}"),
        (r"C:\temp \{ x }", r"C:\temp \{ x }"),
        ("{% raw %}{{ phone }} {% if x %}{% endraw %} {{ phone }}", "{{ phone }} {% if x %} +1 202"),
        ("```\n{%raw%}\n{{ phone }}\n{% endraw %}\n```", "```\n\n{{ phone }}\n\n```"),
        (r"\{% raw %}{{ phone }}{% endraw %}", "{% raw %}{{ phone }}{% endraw %}"),
        ("{% raw %}{{ phone }}", "{% raw %}+1 202"),
        ("${{ github.actor }} {{ item | upper }}", "${{ github.actor }} {{ item | upper }}"),
    ],
)
def test_braces_are_filled_in_or_shown(text: str, filled: str) -> None:
    assert fill(text, VALUES) == filled


@given(TEXTS)
def test_no_line_moves(text: str) -> None:
    assert fill(text, VALUES).count("\n") == text.count("\n")


@given(TEXTS)
def test_only_what_is_to_be_filled_in_is_asked_for(text: str) -> None:
    names = [name for name, _ in find_variables(text)]
    asked = fill(text, dict.fromkeys(names, "<>"))
    assert asked.count("<>") == len(names)


@given(st.lists(st.sampled_from(["{{ company }}", "{{nobody}}", "x", " ", "\n", "`"])).map("".join))
def test_what_is_escaped_is_shown_as_it_was_written(text: str) -> None:
    assert fill(escape_variables(text, lambda _: True), VALUES) == text


BODY = r"""## Write \{{ company }}

Type `\{{ company }}` or \{{ item }}, and call {{ phone }}.

```yaml
{% raw %}
name: {{ item }}
hosts: "{{ company }}"
{% endraw %}
```
"""


def test_escaped_braces_are_shown_in_titles_text_and_code(
    tree: Callable[..., Any], article: Callable[..., str]
) -> None:
    made = tree({"en/account/a.md": article(r"Use \{{ company }}", BODY, summary=r"What \{{ item }} is.")})
    outcomes = made.build()
    assert [outcome.messages for outcome in outcomes] == [()]
    assert check_content(made.config) == []
    page = made.page("en/account/a/index.html")
    assert "<h1>Use {{ company }}</h1>" in page
    assert "What {{ item }} is." in page
    assert "Write {{ company }}</h2>" in page
    assert "<code>{{ company }}</code> or {{ item }}, and call +1 202 555 0143." in page
    code = re.sub("<[^>]*>", "", page.partition("<pre")[2].partition("</pre>")[0]).partition(">")[2]
    assert code.strip() == 'name: {{ item }}\nhosts: "{{ company }}"'
    assert "{% raw" not in page
    assert "\\{{" not in page
