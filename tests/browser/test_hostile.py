"""What someone writes is text, wherever it is shown: nothing of it becomes a part of the page."""

import re
from textwrap import dedent

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from server.apps.coach_states.models import CoachState
from server.apps.identities.models import Identity
from server.apps.user_notes.models import UserNote
from server.enums.identity_category import IdentityCategory
from server.services.action_queue.accept import accept_user_message
from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.conftest import NewPage
from tests.browser.pages import (
    Chat,
    announced,
    expect_no_sideways_scrolling,
    note_what_is_announced,
    opened_state,
)
from tests.browser.people import NOBODY, new_person, say
from tests.browser.rows import wait_while_open
from tests.browser.stack import Stack
from tests.queue.conftest import wait_for_lane

HOSTILE = (
    "<script>window.harmed = 1</script>",
    "<img src=x onerror=window.harmed=1>",
    "<svg onload=window.harmed=1><circle r=9></svg>",
    "<iframe srcdoc='<script>parent.harmed=1</script>'></iframe>",
    "<style>body{display:none}</style>",
    "<form action=https://example.com><input name=q autofocus onfocus=window.harmed=1></form>",
    "[press](javascript:window.harmed=1) [here](data:text/html,<script>parent.harmed=1</script>)",
    "![picture](x onerror=window.harmed=1) ![far](https://example.com/pixel.png)",
    "<a href=//example.com onclick=window.harmed=1>link</a>",
    "'\"><b data-harm>bold</b><!-- --><![CDATA[x]]>",
    "${window.harmed=1} {{constructor.constructor('window.harmed=1')()}}",
    "</script></title></textarea><meta http-equiv=refresh content='0;url=https://example.com'>",
)
ODD = (
    "a" * 3_000,
    "שלום, זו הודעה ארוכה מימין לשמאל עם English באמצע.",
    "\u202eabc\u202c \u200f\u200e \u0301\u0301\u0301 👩‍👩‍👧‍👦🏳️‍🌈 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 Z̸a̴l̷g̶o̵",
    "https://example.com/" + "path/" * 60,
    "```\n" + "x" * 400 + "\n```\n\n| a | b |\n|---|---|\n| " + "w" * 300 + " | 2 |",
    "> " * 200 + "deep",
    "- " * 100 + "deep",
)
MARKED = """
list => [...list.children].map((item) => {
  const { direction } = getComputedStyle(item);
  const { left, right } = list.getBoundingClientRect();
  const own = item.getBoundingClientRect();
  return (direction === "ltr" ? own.left - left : right - own.right) < 12 ? "no room for the mark" : direction;
})
"""
"""On which side each item of a list is marked."""


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_hostile_words_stay_words_everywhere(new_page: NewPage, stack: Stack, viewport: ViewportSize) -> None:
    user = new_person(who_you_are=list(HOSTILE), who_you_want_to_be=list(ODD))
    for number, text in enumerate(HOSTILE):
        name, category = text[:255], list(IdentityCategory)[number % len(IdentityCategory)]
        identity = Identity.objects.create(
            user=user, name=name, category=category, i_am_statement=text, visualization=text, notes=[text]
        )
        UserNote.objects.create(user=user, note=text)
        CoachState.objects.filter(user=user).update(current_identity=identity)
    for text in (*HOSTILE, *ODD):
        accept_user_message(user, text)
        say(
            user,
            text,
            add_user_note={"note": f"{text[:3900]} once more"},
            accept_identity={"identity_id": NOBODY},
        )
    wait_for_lane(user)

    page = new_page(user, viewport=viewport)
    asked = _requests_elsewhere(page, stack)
    chat = Chat(page)
    for text in HOSTILE:
        expect(chat.said("user").filter(has_text=text)).to_have_count(1)
    _expect_unharmed(page)
    expect(opened_state(page).get_by_role("heading", name=HOSTILE[0])).to_be_visible()
    _expect_unharmed(page)
    page.goto("/history")
    expect(page.locator("[data-action-id]").first).to_be_visible()
    for button in page.get_by_role("button", name="Details of").all()[:12]:
        button.click()
    _expect_unharmed(page)
    assert asked == []


def test_hostile_words_that_arrive_live_stay_words(new_page: NewPage, stack: Stack) -> None:
    user = new_person()
    page = new_page(user)
    chat = Chat(page)
    note_what_is_announced(page)
    for text in HOSTILE:
        stack.script.say(text, create_identity={"name": text[:255], "category": "spiritual", "note": text})
        chat.send(text)
        expect(chat.said("user").filter(has_text=text).last).to_be_visible()
        expect(page.locator("[data-role=coach][data-pending]")).to_have_count(0)
    expect(page.locator("[data-status=succeeded]")).to_have_count(len(HOSTILE))
    # Of many at once, only the last are announced.
    wait_while_open(page, lambda: HOSTILE[-1] in " ".join(announced(page)), "they are announced")
    _expect_unharmed(page)


def test_markdown_is_shown_as_markdown(new_page: NewPage, stack: Stack) -> None:
    user = new_person()
    text = dedent("""\
        # Plan

        Some **bold** and `code`, and a [link](https://example.com/a).

        - one
        - two

        ```python
        print("kept as it is")
        ```""")
    accept_user_message(user, "**mine** is not *drawn*")
    say(user, text)
    chat = Chat(new_page(user))
    answer = chat.said("coach")
    expect(answer.locator("strong")).to_have_text("bold")
    expect(answer.get_by_role("listitem")).to_have_text(["one", "two"])
    expect(answer.locator("pre")).to_contain_text('print("kept as it is")')
    link = answer.get_by_role("link", name="link")
    expect(link).to_have_attribute("href", "https://example.com/a")
    assert "noopener" in (link.get_attribute("rel") or "") or link.get_attribute("target") is None
    expect(chat.said("user")).to_contain_text("**mine** is not *drawn*")


def test_each_item_of_a_list_is_marked_where_its_own_text_begins(new_page: NewPage, stack: Stack) -> None:
    user = new_person()
    say(user, "- one\n- שניים\n- three\n- ארבע", add_user_note={"note": "plain"})
    say(user, "Noted.", add_user_note={"note": "פשוט"})
    wait_for_lane(user)
    page = new_page(user)
    chat = Chat(page)
    said = chat.said("coach").first.get_by_role("list").first
    remembered = chat.state.get_by_role("list", name="what your coach remembers")
    assert said.evaluate(MARKED) == ["ltr", "rtl", "ltr", "rtl"]
    assert remembered.evaluate(MARKED) == ["ltr", "rtl"]
    assert said.evaluate("list => getComputedStyle(list).listStyleType") == "disc"


def test_the_page_may_run_no_script_but_its_own(new_page: NewPage, stack: Stack) -> None:
    page = new_page()
    answer = page.goto("/")
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    scripts = rules.get("script-src", rules["default-src"])
    assert "'self'" in scripts
    assert "unsafe" not in scripts
    assert "*" not in scripts
    assert rules["object-src"] == "'none'" or rules["default-src"] == "'none'"
    assert rules["base-uri"] in ("'none'", "'self'")
    assert rules["frame-ancestors"] in ("'none'", "'self'")


def _requests_elsewhere(page: Page, stack: Stack) -> list[str]:
    asked: list[str] = []

    def note(url: str) -> None:
        if not url.startswith((stack.url, "data:", "blob:")):
            asked.append(url)

    page.on("request", lambda request: note(request.url))
    return asked


FOREIGN = """() => {
  const leads = (element, name) => new URL(element.getAttribute(name), document.baseURI);
  const isForeign = (element) =>
    element.matches("iframe, object, embed, base, meta[http-equiv], [srcdoc], [action], [formaction], [data-harm]") ||
    element.matches("script:not([src]), style:not([data-mantine-styles], head > [type])") ||
    element.getAttributeNames().some((name) => name.startsWith("on")) ||
    (element.matches("[src]") && leads(element, "src").origin !== location.origin) ||
    (element.matches("[href]") && !["http:", "https:"].includes(leads(element, "href").protocol));
  return [...document.querySelectorAll("*")].filter(isForeign).map((element) => element.outerHTML);
}"""
"""What the page's own code never makes, anywhere in the document: head, header, drawer, and what is announced."""


def _expect_unharmed(page: Page) -> None:
    assert page.evaluate("window.harmed") is None
    assert page.evaluate(FOREIGN) == []
    expect(page).to_have_title(re.compile("^(Chat|History) · Coach$"))
    expect(page.locator("header").get_by_role("link")).to_have_text(["Coach", "Chat", "History"])
    expect_no_sideways_scrolling(page)
