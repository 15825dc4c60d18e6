"""Reading what people type and what they should find."""

from pathlib import Path

import pytest

from answerdesk.gate.queries import Query, load_queries, read_queries, unknown_articles

NAME = "content/queries/en.yml"


def said(text: str) -> list[str]:
    """Return what is wrong with a file of queries."""
    return [f"{finding.line}: {finding.what}. {finding.cure}" for finding in read_queries(text, NAME)[1]]


def test_a_line_is_a_query_and_the_article_it_should_find() -> None:
    queries, findings = read_queries("# Signing in\n- { query: vpn does not connect, finds: network/vpn }\n", NAME)
    assert queries == [Query(text="vpn does not connect", finds="network/vpn", line=2)]
    assert findings == []


def test_codes_need_no_quotes() -> None:
    text = "- { query: 0x80070005, finds: a/b }\n- { query: 691, finds: a/b }\n- { query: no, finds: a/b }\n"
    assert [query.text for query in read_queries(text, NAME)[0]] == ["0x80070005", "691", "no"]


def test_a_hard_query_may_stand_lower() -> None:
    queries, _ = read_queries("- { query: a, finds: b/c, within: 6 }\n- { query: d, finds: b/c }\n", NAME)
    assert [query.within for query in queries] == [6, 3]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- vpn\n", "1: 'vpn' is no query. Write one line a query"),
        ("- { query: vpn }\n", "is no query"),
        ("- { query: vpn, finds: a/b, want: c }\n", "is no query"),
        ("- { query: [vpn], finds: a/b }\n", "is no query"),
        ("- { query: vpn, finds: a/b, within: first }\n", "is no query"),
        ("- { query: vpn, finds: a/b, within: 0 }\n", "is no query"),
        ("- { query: '', finds: a/b }\n", "1: query is empty"),
        ("\n- { query: vpn, finds: }\n", "2: finds is empty"),
        ("query: vpn\n", "1: the file holds no list"),
        ("- { query: vpn, finds: a/b }\n- { query: \n", "3: no YAML"),
        ("- { query: vpn, query: wifi, finds: a/b }\n", "1: query is written twice, and only the last would count"),
        (
            "- query: C #sharp\n  finds: a/b\n",
            "1: “#sharp” would be a comment, and the text “C”. Put the text in quotes",
        ),
        ("- { query: vpn, finds: a/b }\n- { query: ' VPN ', finds: a/c }\n", "2: “VPN” is there already, in line 1"),
    ],
)
def test_a_mistake_is_named_with_line_value_and_cure(text: str, words: str) -> None:
    assert words in "\n".join(said(text))


def test_an_empty_file_and_no_file_have_no_queries(tmp_path: Path) -> None:
    assert read_queries("# nothing yet\n", NAME) == ([], [])
    assert load_queries(tmp_path / "en.yml", NAME) == ([], [])


def test_a_file_that_is_no_utf_8_is_named(tmp_path: Path) -> None:
    (tmp_path / "tr.yml").write_bytes("- { query: şifre, finds: a/b }".encode("cp1254"))
    queries, (finding,) = load_queries(tmp_path / "tr.yml", NAME)
    assert (queries, finding.file) == ([], NAME)
    assert "UTF-8" in finding.cure


def test_an_article_that_there_is_not_and_one_that_search_leaves_out_are_told_apart() -> None:
    queries = [Query(text="a", finds="x/none", line=1), Query(text="b", finds="x/draft", line=2)]
    queries.append(Query(text="c", finds="x/there", line=3))
    findings = unknown_articles(queries, NAME, found={"x/there"}, files={"x/there", "x/draft"})
    assert [(finding.line, finding.what) for finding in findings] == [
        (1, "“a” should find 'x/none', and there is no such article"),
        (2, "“b” should find x/draft, which search leaves out"),
    ]
