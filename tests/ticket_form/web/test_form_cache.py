"""Forms that nobody has written in are made once."""

from collections.abc import Callable
from dataclasses import replace

from flask.testing import FlaskClient

from ticket_form.web.form_cache import MAX_FORMS, BlankForms
from ticket_form.web.services import Services


def test_each_form_has_its_own_key_and_nothing_else_of_its_own(client: FlaskClient) -> None:
    first, second = client.get("/ticket?lang=en").text, client.get("/ticket?lang=en").text
    keys = [page.split('name="form_key" value="')[1].split('"')[0] for page in (first, second)]
    assert keys[0] != keys[1]
    assert first.replace(keys[0], "") == second.replace(keys[1], "")


def test_languages_and_choices_have_forms_of_their_own(client: FlaskClient) -> None:
    client.get("/ticket?lang=en")
    assert 'lang="ko"' in client.get("/ticket?lang=ko").text
    chosen = client.get("/ticket?lang=en&category=network").text
    assert '<option value="network" selected>' in chosen
    assert '<option value="network" selected>' not in client.get("/ticket?lang=en").text


def test_a_form_is_made_again_for_a_site_that_was_built_again(services: Services) -> None:
    forms, made = BlankForms(), list[str]()

    def render(key: str) -> str:
        made.append(key)
        return f"<{key}>"

    site = services.site
    assert [forms.fill_in("1", site, ("en",), render), forms.fill_in("2", site, ("en",), render)] == ["<1>", "<2>"]
    assert len(made) == 1
    assert forms.fill_in("3", replace(site), ("en",), render) == "<3>"
    assert len(made) == 2


def test_only_so_many_forms_are_kept(services: Services) -> None:
    forms, made = BlankForms(), list[str]()
    render: Callable[[str], str] = lambda key: made.append(key) or key  # noqa: E731
    for number in range(2 * MAX_FORMS):
        forms.fill_in("key", services.site, (str(number),), render)
    forms.fill_in("key", services.site, ("0",), render)
    assert len(made) == 2 * MAX_FORMS + 1
