"""Draw TeX formulas as MathML, which browsers show without a script."""

import re
from html import escape, unescape
from xml.etree.ElementTree import Element, tostring

from latex2mathml.converter import convert_to_element

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
SHOWN = re.compile(
    r'<(?P<tag>span|div) class="arithmatex">\s*\\(?P<open>[(\[])(?P<tex>.*?)\\[)\]]\s*</(?P=tag)>', re.DOTALL
)
ENVIRONMENT = re.compile(r'<div class="arithmatex">\s*(?P<tex>\\begin\{.*?\\end\{[a-z]+\*?\})\s*</div>', re.DOTALL)
COMMAND = re.compile(r"\\[A-Za-z]+")
KEPT = {  # other attributes could lead somewhere or need a style of their own
    "accent", "accentunder", "columnalign", "columnlines", "columnspacing", "columnspan", "depth", "display",
    "displaystyle", "fence", "form", "height", "largeop", "linebreak", "linethickness", "lspace", "mathcolor",
    "mathsize", "mathvariant", "maxsize", "minsize", "movablelimits", "notation", "rowlines", "rowspacing", "rowspan",
    "rspace", "scriptlevel", "separator", "stretchy", "symmetric", "voffset", "width",
}  # fmt: skip
LINKS = {"mfrac": "/", "msup": "^", "mover": "^", "msub": "_", "munder": "_", "mroot": " root "}


class MathError(ValueError):
    """A formula cannot be drawn."""


def draw_math(tex: str, *, is_block: bool = False) -> str:
    """Return a formula as MathML, with its text for readers without it.

    Raises:
        MathError: it is no TeX, or has a command that nobody knows.
    """
    try:
        root = convert_to_element(tex.strip(), display="block" if is_block else "inline")
    except Exception as error:  # the library lets errors of many kinds out
        raise MathError(str(error) or f"{tex.strip()!r} is not complete") from error
    for element in root.iter():
        element.text = unescape(element.text or "") or None
        for name in element.attrib.keys() - KEPT:
            del element.attrib[name]
        if element.text and COMMAND.fullmatch(element.text) and element.tag != "mtext":
            raise MathError(f"nobody knows {element.text}")
    root.set("xmlns", NAMESPACE)
    root.set("alttext", spoken_math(root))
    return tostring(root, encoding="unicode")


def spoken_math(element: Element) -> str:
    """Return a formula in one line: what search and excerpts show of it."""
    parts = [spoken_math(child) for child in element]
    if element.tag in LINKS:
        return LINKS[element.tag].join(map(_grouped, parts))
    if element.tag in ("msubsup", "munderover") and len(parts) == 3:
        return f"{parts[0]}_{_grouped(parts[1])}^{_grouped(parts[2])}"
    if element.tag == "msqrt":
        return f"√{_grouped(''.join(parts))}"
    if element.tag == "mtr":
        return " ".join(parts)
    if element.tag == "mtable":
        return "; ".join(parts)
    return (element.text or "") + "".join(parts)


def draw_all_math(html: str) -> str:
    """Replace the formulas that `pymdownx.arithmatex` marked; what cannot be drawn is shown as it was written."""
    if "arithmatex" not in html:
        return html
    html = SHOWN.sub(lambda match: _shown(match["tex"], is_block=match["open"] == "["), html)
    return ENVIRONMENT.sub(lambda match: _shown(match["tex"], is_block=True), html)


def _shown(escaped: str, *, is_block: bool) -> str:
    tex = unescape(unescape(escaped)).strip()
    try:
        drawn = draw_math(tex, is_block=is_block)
    except MathError:
        drawn = f'<code class="math-source">{escape(tex)}</code>'
    return f'<div class="math">{drawn}</div>' if is_block else drawn


def _grouped(text: str) -> str:
    return text if len(text) == 1 or text.isalnum() else f"({text})"
