"""Removes from a web page what a reader does not see, what is struck, and its menus."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from rag.load.characters import for_xml

_NEVER_SHOWN = (
    *("script", "style", "noscript", "template", "head", "iframe", "object", "svg", "video"),
    *("audio", "canvas", "select", "datalist", "button", "input", "textarea", "del", "s", "strike"),
    "annotation",
)
_FRAME = frozenset({"nav", "footer", "aside"})
"""Elements around the content."""
_FRAME_ROLES = frozenset(
    "navigation banner contentinfo search complementary dialog alertdialog menu menubar".split()
)
_FRAME_NAMES = frozenset(
    "nav navbar navigation menu mainmenu main-menu breadcrumb breadcrumbs sidebar side-nav sidenav "
    "share sharing social social-media social-share share-links addthis skip skip-link skiplink "
    "skip-links pagination pager site-header siteheader page-header-menu site-footer sitefooter "
    "footer masthead toolbar related related-content related-links newsletter subscribe".split()
)
_UNSEEN_NAMES = frozenset(
    "sr-only visually-hidden visuallyhidden screen-reader-text screen-reader-only d-none "
    "element-invisible".split()
)
_COOKIES = re.compile(
    r"cookie|consent|onetrust|usercentrics|cc-(?:window|banner)|gdpr-?(?:bar|banner|notice)", re.I
)
_SHARING = re.compile(
    r"(?<![\w-])(?:share|sharing|social)[-_](?:this|links?|icons?|buttons?|bar|tools?|media|share"
    r"|widget|list|page|post)(?![\w-])",
    re.I,
)
_BLOCKS = frozenset(
    "div section aside dialog form p ul ol header footer nav table article figure details".split()
)
_MOST_FRAME = 0.3
"""Share of a page's text that a menu or a cookie bar may hold; a larger one is the content."""
_LONG_PAGE, _WHOLE_PAGE = 2000, 0.8
"""Characters of a page, and share of them in an element, that no page hides for good."""
_LEAST_LINKS, _LINKED = 5, 0.8
"""Links of a list, and share of its text inside them, that make it a menu outside the content."""

_HIDES = re.compile(
    r"(?:^|[;\s])(?:display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}(?:hidden|collapse)"
    r"|(?:opacity|font-size)\s{0,9}:\s{0,9}0(?:\.0{1,9})?(?:px|pt|em|%)?\s{0,9}(?:!|;|$)"
    r"|(?:left|top|text-indent)\s{0,9}:\s{0,9}-\d{4,6})",
    re.I,
)
_STRIKES = re.compile(r"(?:^|[;\s])text-decoration[a-z-]{0,20}\s{0,9}:[^;]{0,60}line-through", re.I)
_DISPLAY = re.compile(r"(?:^|[;\s])(display|visibility)\s{0,9}:\s{0,9}([a-z-]{1,30})", re.I)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.S)
_COMPOUND = re.compile(r"([a-zA-Z][\w-]*)?((?:[.#][\w-]+)*)")
_PARTS = re.compile(r"([.#])([\w-]+)")
_LARGEST_STYLES = 2_000_000
"""Characters of style sheets inside a page that are read."""
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,6})|(\d{1,7}));?")


def mended(page: str) -> str:
    """``page`` without characters that XML forbids, also where they are written as references.

    ``&#150;`` becomes the sign that Windows-1252 has there, as in a browser.
    """

    def character(match: re.Match[str]) -> str:
        code = int(match[1], 16) if match[1] else int(match[2])
        plain = 0xA0 <= code < 0xD800 or code in (0x26, 0x3C, 0x3E, 0x22) or code > 0xFFFF
        return match[0] if plain or code > 0x10FFFF else for_xml(chr(code))

    return _REFERENCE.sub(character, for_xml(page))


def drop_unseen(root: Any) -> None:
    """Remove what is hidden or struck, in ``root`` itself.

    Hidden are elements by their attributes (``hidden``, ``display:none`` and ``visibility:hidden``
    in ``style``), by a rule of a ``<style>`` on a name, class or id, blocks with ``aria-hidden``,
    and scripts, forms' fields and the like.
    """
    whole = _length(root)
    rules = _rules(" ".join(style.text or "" for style in root.iter("style"))[:_LARGEST_STYLES])
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            _drop(element)  # a comment or a processing instruction
        elif element is root or element.tag == "body" or not _is_unseen(element, rules):
            continue
        elif element.tag in _NEVER_SHOWN or not _is_whole_page(element, whole):
            _drop(element)


def drop_frame(root: Any) -> None:
    """Remove menus, page heads and feet, side bars and cookie bars around the content."""
    whole = _length(root)
    for element in list(root.iter()):
        tag = element.tag
        if element is root or tag in ("body", "main", "article") or not _inside(element, root):
            continue
        if _is_frame(element) and (
            _length(element) <= _MOST_FRAME * whole or element.get("role") or tag in _FRAME
        ):
            _drop(element)


def drop_menus(root: Any) -> None:
    """Remove lists that are nearly all links, outside of what the page marks as content."""
    whole = _length(root)
    for element in list(root.iter("ul", "ol")):
        links = list(element.iter("a"))
        if len(links) < _LEAST_LINKS or not _inside(element, root):
            continue
        if next(element.iterancestors("main", "article"), None) is not None:
            continue
        length = _length(element)
        linked = sum(_length(link) for link in links)
        if linked >= _LINKED * length and length <= _MOST_FRAME * whole:
            _drop(element)


def _is_unseen(element: Any, rules: Mapping[str, list["_Rule"]]) -> bool:
    tag = element.tag
    if tag in _NEVER_SHOWN or (tag == "dialog" and element.get("open") is None):
        return True
    style = element.get("style") or ""
    if style and (_HIDES.search(style) or _STRIKES.search(style)):
        return True
    hidden = element.get("hidden")
    if hidden is not None and hidden.casefold() != "until-found":
        return True
    if element.get("aria-hidden") == "true" and tag in _BLOCKS:
        return True
    if _UNSEEN_NAMES & set((element.get("class") or "").casefold().split()):
        return True
    return not _DISPLAY.search(style) and _is_hidden_by(element, rules)


def _is_whole_page(element: Any, whole: int) -> bool:
    """Whether nearly all text is in ``element``: scripts show it once the page is loaded."""
    return whole > _LONG_PAGE and _length(element) > _WHOLE_PAGE * whole


def _is_frame(element: Any) -> bool:
    tag = element.tag
    if tag in _FRAME or element.get("role") in _FRAME_ROLES:
        return True
    if tag == "header":  # of the content, if it has the heading of the page
        return len(element.findall(".//h1")) != 1 and not any(
            above.tag in ("main", "article") for above in element.iterancestors()
        )
    if tag not in _BLOCKS:
        return False
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    said = f"{names} {element.get('aria-label') or ''}"
    if _FRAME_NAMES & set(names.casefold().split()):
        return True
    return bool(_SHARING.search(names) or _COOKIES.search(said))


def _drop(element: Any) -> None:
    """Remove ``element``; what stands around a block does not run together."""
    if element.getparent() is None:
        return
    if element.tag in _BLOCKS or element.tag == "button":
        element.tail = "\n" + (element.tail or "")
    element.drop_tree()


def _inside(element: Any, root: Any) -> bool:
    """Whether ``element`` still hangs in ``root``: an element above it may have been removed."""
    while element is not None and element is not root:
        element = element.getparent()
    return element is root


def _length(element: Any) -> int:
    return sum(len(" ".join(text.split())) for text in element.itertext())


# A rule: its place among the rules, how exactly it selects, what it asks of the ancestors (the
# nearest last) and of the element, and whether it hides.
_Selector = tuple[str, frozenset[str], frozenset[str]]
_Rule = tuple[int, tuple[int, int, int], tuple[_Selector, ...], str, bool]


def _rules(styles: str) -> dict[str, list[_Rule]]:
    """The rules that hide or show, by one name, class or id that their element must have."""
    rules: defaultdict[str, list[_Rule]] = defaultdict(list)
    for place, (selectors, body) in enumerate(_blocks(_COMMENT.sub(" ", styles))):
        for kind, value in _DISPLAY.findall(body):
            hides = value.casefold() in ("none", "hidden", "collapse")
            for selector in selectors.split(","):
                chain = _chain(selector)
                if chain:
                    tag, classes, ids = chain[-1]
                    key = next(iter(ids), "") or next(iter(classes), "") or tag
                    exact = (
                        sum(len(i) for _, _, i in chain),
                        sum(len(c) for _, c, _ in chain),
                        sum(bool(t) for t, _, _ in chain),
                    )
                    rules[key].append((place, exact, chain, kind.casefold(), hides))
    return rules if any(rule[-1] for found in rules.values() for rule in found) else {}


def _blocks(styles: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations, those for screens alone: not of ``@media print`` and the like."""
    at = 0
    while (brace := styles.find("{", at)) >= 0:
        selectors = styles[at:brace].rpartition(";")[2].strip()
        end = _end_of(styles, brace)
        inner = styles[brace + 1 : end]
        if not selectors.startswith("@"):
            yield selectors, inner
        elif re.fullmatch(r"@media\s+(?:only\s+)?(?:screen|all)|@layer\s.*", selectors):
            yield from _blocks(inner)
        at = end + 1


def _end_of(styles: str, brace: int) -> int:
    """Offset of the brace that closes the one at ``brace``."""
    depth = 0
    for match in re.compile(r"[{}]").finditer(styles, brace):
        depth += 1 if match[0] == "{" else -1
        if depth == 0:
            return match.start()
    return len(styles)


def _chain(selector: str) -> tuple[_Selector, ...]:
    """The parts of a selector of names, classes and ids; empty for any other selector."""
    chain: list[_Selector] = []
    for compound in selector.replace(">", " ").split():
        match = _COMPOUND.fullmatch(compound)
        if match is None or len(chain) > 8:
            return ()
        parts = _PARTS.findall(match[2] or "")
        classes = frozenset(name for mark, name in parts if mark == ".")
        ids = frozenset("#" + name for mark, name in parts if mark == "#")
        chain.append(((match[1] or "").casefold(), frozenset("." + c for c in classes), ids))
    return tuple(chain)


def _is_hidden_by(element: Any, rules: Mapping[str, list[_Rule]]) -> bool:
    if not rules:
        return False
    best: dict[str, tuple[tuple[int, int, int], int, bool]] = {}
    for key in _keys(element):
        for place, exact, chain, kind, hides in rules.get(key, ()):
            if _selects(chain, element) and (exact, place) >= best.get(kind, ((0, 0, 0), -1))[:2]:
                best[kind] = (exact, place, hides)
    return any(hides for _, _, hides in best.values())


def _keys(element: Any) -> list[str]:
    classes = [f".{name}" for name in (element.get("class") or "").split()]
    return [*classes, f"#{element.get('id')}" if element.get("id") else "", str(element.tag)]


def _selects(chain: tuple[_Selector, ...], element: Any) -> bool:
    *above, own = chain
    if not _fits(own, element):
        return False
    ancestors = element.iterancestors()
    return all(any(_fits(part, ancestor) for ancestor in ancestors) for part in reversed(above))


def _fits(selector: _Selector, element: Any) -> bool:
    tag, classes, ids = selector
    if not isinstance(element.tag, str) or (tag and tag != element.tag):
        return False
    return classes | ids <= set(_keys(element))
