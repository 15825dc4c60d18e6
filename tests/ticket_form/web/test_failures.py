"""Pages for what went wrong."""

import pytest
from flask import Flask
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    ("method", "path", "status", "text"),
    [
        ("GET", "/ticket/received/x?lang=tr", 404, "Sayfa bulunamad"),
        ("POST", "/ko/", 405, "지원하지 않는 요청입니다"),
        ("DELETE", "/ticket?lang=ar", 405, "لا يمكن تنفيذ ذلك هنا"),
    ],
)
def test_failures_are_told_in_the_visitors_language(
    client: FlaskClient, method: str, path: str, status: int, text: str
) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert text in answer.text
    assert "Werkzeug" not in answer.text


def test_a_refused_method_names_the_allowed_ones(client: FlaskClient) -> None:
    assert set(client.put("/ticket").headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_a_bug_shows_no_details(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> str:
        raise RuntimeError("a secret detail")

    app.add_url_rule("/broken", view_func=fail)
    answer = app.test_client().get("/broken?lang=zh-Hant")
    assert answer.status_code == 500
    assert "系統發生問題" in answer.text
    assert "secret" not in answer.text
    assert "a secret detail" in caplog.text
