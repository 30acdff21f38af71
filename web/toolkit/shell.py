"""What stands around a page and around a list."""

from dataclasses import dataclass
from datetime import date

from web.toolkit.marks import LinkView


@dataclass(frozen=True, slots=True)
class HeaderView:
    """A column's head. `sorted` is `ascending`, `descending` or empty; `num` sets figures right."""

    text: str
    url: str = ""
    sorted: str = ""
    num: bool = False


@dataclass(frozen=True, slots=True)
class EmptyView:
    """An empty list: what is true, what comes next and when, one or two ways on."""

    title: str
    text: str = ""
    links: tuple[LinkView, ...] = ()
    icon: str = "checklist"


@dataclass(frozen=True, slots=True)
class PagerView:
    """Keyset paging: there is no page number, only before and after."""

    summary: str
    previous_url: str = ""
    next_url: str = ""


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of the user's menu; what changes something is posted."""

    label: str
    url: str
    post: bool = False
    icon: str = ""


@dataclass(frozen=True, slots=True)
class ShellView:
    """What stands around every page; the template's `shell`.

    Attributes:
        authority: The authority's name, shown after the product's.
        home_url: Where the product's name leads.
        today: The day by the clock handed in.
        user_name: Who is signed in; empty for nobody.
        user_post: The post they act in.
        nav: The main navigation.
        search_url: Takes `?q=`; empty hides the search field.
        notices_url: The notices page; empty hides the bell.
        notices: Unread notices.
        bell_url: What the bell asks for how many are unread by now; empty: it does not ask.
        menu: The user's menu.
        rehearsal_day: In a rehearsal database the date that its clock shows, else None.
        recording_url: Where a draft's rehearsal is led from, on the pages of that rehearsal.
        is_trial: The page is about a case that tries a version nobody has approved.
        printed: Who prints when, for the foot of the paper.
    """

    authority: str
    home_url: str
    today: date
    user_name: str = ""
    user_post: str = ""
    nav: tuple[LinkView, ...] = ()
    search_url: str = ""
    notices_url: str = ""
    notices: int = 0
    bell_url: str = ""
    menu: tuple[MenuItem, ...] = ()
    rehearsal_day: date | None = None
    recording_url: str = ""
    is_trial: bool = False
    printed: str = ""
