"""Render a page in the visitor's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Response, make_response, render_template, request

from ticket_form.i18n.languages import Language, choose_language
from ticket_form.i18n.messages import words_for
from ticket_form.web.services import current_services


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageLink:
    """A link to the same page in a language."""

    language: Language
    url: str
    is_current: bool


def page_language(*wanted: str) -> Language:
    """Return the language by ?lang=, else `wanted`, else the browser's, else the default."""
    accepted = (tag for tag, quality in request.accept_languages if quality > 0)
    tags = (request.args.get("lang", ""), *wanted, *accepted)
    return choose_language([tag for tag in tags if tag], current_services().site.languages)


def render_page(
    template: str,
    language: Language,
    *,
    status: int = 200,
    links: Iterable[LanguageLink] | None = None,
    **context: object,
) -> Response:
    """Render a template with the messages and names of a language."""
    services = current_services()
    site = services.site
    words = words_for(language.code, services.words)

    def site_text(texts: Mapping[str, str]) -> str:
        return site.text(texts, language)

    page = render_template(
        template,
        language=language,
        site=site,
        site_text=site_text,
        home=f"/{language.code}/",
        say=words.markup,
        plain=words.plain,
        links=tuple(links) if links is not None else links_to(request.path, request.args.items(multi=True), language),
        **context,
    )
    return make_response(page, status)


def links_to(path: str, parameters: Iterable[tuple[str, str]], current: Language) -> tuple[LanguageLink, ...]:
    """Return links to the same page in each language, with the same parameters."""
    kept = [(name, value) for name, value in parameters if name not in ("lang", "key")]
    return tuple(
        LanguageLink(
            language=language,
            url=f"{path}?{urlencode([('lang', language.code), *kept])}",
            is_current=language == current,
        )
        for language in current_services().site.languages
    )


def links_to_portal(current: Language) -> tuple[LanguageLink, ...]:
    """Return links to the portal in each language, for pages that cannot be opened again."""
    return tuple(
        LanguageLink(language=language, url=f"/{language.code}/", is_current=language == current)
        for language in current_services().site.languages
    )
