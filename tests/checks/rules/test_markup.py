"""Rule `markup`: what is shown as it was typed is named, with its line; code is left alone."""

from collections.abc import Callable

import pytest

LITERAL = {
    "footnote": "Text[^9] more.",
    "task": "Text\n[ ] one",
    "snippet": '--8<-- "part.md"',
    "template": "{% include 'x' %}",
    "hugo": "{{< note >}}",
    "macro": "Now {{ page.title }} it.",
    "module": "::: package.module",
    "directive": ":::tip\nText\n:::",
    "wiki link": "See [[Page]].",
    "comment": "%%hidden%%",
    "box in a paragraph": 'Text\n!!! note "Title" here',
    "tab": 'Text\n=== "Tab" x',
    "block": "/// unknown\nText\n///",
    "attributes": "Text in between { .big } more",
    "critic": "{++new++}",
    "table": "Text before\n| a | b |\n|---|---|---|",
    "fence": "Text\n\n```\nopen for ever",
    "reference": "See [the page][nowhere].",
    "icon": ":material-there-is-no-such:",
    "formula in a sentence": "A $$a^2$$ b",
    "formula that is wrong": "A $\\nosuch{a}$ b",
    "diagram that is wrong": "```mermaid\nnope nope\n```",
    "diagram of another tool": "```plantuml\na -> b\n```",
}


@pytest.mark.parametrize("text", LITERAL.values(), ids=list(LITERAL))
def test_markup_that_stays_literal_is_named_with_its_line(find: Callable[..., list[object]], text: str) -> None:
    found = find("markup", f"\nFirst.\n\n{text}\n")
    assert found, text
    marked = next(number for number, line in enumerate(text.split("\n"), 12) if line[:3].strip())
    assert {finding.line for finding in found} <= set(range(12, 12 + text.count("\n") + 1)), (found, marked)
    assert all(finding.cure and finding.what for finding in found)


@pytest.mark.parametrize("text", [text for name, text in LITERAL.items() if "diagram" not in name and name != "fence"])
def test_markup_in_code_is_left_alone(seen: Callable[..., list[str]], text: str) -> None:
    assert seen("markup", f"\n~~~text\n{text}\n~~~\n\nAnd `{text.splitlines()[0]}`.\n") == []


def test_what_is_read_and_what_is_no_markup_is_not_named(seen: Callable[..., list[str]]) -> None:
    good = """
H~2~O, x^2^, ==mark==, ~~gone~~, ++ctrl+c++, :smile: :material-wifi: $a^2$ and a[^1] of HTML.

- [ ] open
- [x] done

C++ and C++, a == b == c, 10:30:45, US$5 and US$6, a[i][j], if [[ -f x ]], 100 %, for %%i in, {a}, {0}.

> [!NOTE]
> Text

!!! unknown "Title"
    Text

$$
a < b
$$

```mermaid
graph TD
  A --> B
```

| a | b |
|---|--:|
| 1 | 2 |

[^1]: Note

*[HTML]: Language
"""
    assert seen("markup", good) == []
