"""Texts of the pages in the reader's language; Flask-Babel with types.

The Chinese text is the message id: zh-CN is the source language and has no catalogue.
Import as ``from web.texts import gettext as _`` so that `pybabel extract` finds the calls.
"""

import flask_babel

SOURCE = "zh"


def gettext(text: str, **values: object) -> str:
    """Return `text` in the reader's language, with `%(name)s` filled from `values`."""
    locale = flask_babel.get_locale()
    if locale is not None and locale.language == SOURCE:  # a page asks for a hundred texts
        return text % values if values else text
    return str(flask_babel.gettext(text, **values))


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """Return the text for a count; `%(num)s` is the count. In Chinese both texts are the same."""
    return str(flask_babel.ngettext(one, many, num, **values))
