"""The review queue as a person uses it: a real browser, a real server, nothing else."""

import os
import shutil
import time
from collections.abc import Iterator

import pytest
from django.db import connection
from django.urls import reverse

from apps.accounts.models import Role
from apps.claims.models import Link
from tests.factories import make_claim, make_link, make_statement, make_user

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PASSWORD = "quite a long one 7"

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: the pages are not tried in a browser"),
]


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator["playwright.Page"]:
    """A browser's page. It fails the test for what the browser itself complains of."""
    # Playwright keeps an event loop in this thread, which Django takes for an asynchronous view.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    complaints: list[str] = []
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=arguments)
        shown = browser.new_page(viewport={"width": 1400, "height": 900})
        shown.on("pageerror", lambda error: complaints.append(str(error)))
        shown.on("response", lambda answer: answer.status >= 400 and complaints.append(f"{answer.status} {answer.url}"))
        yield shown
        browser.close()
        connection.close()  # beside a running event loop Django keeps a connection of its own
    _wait_until_the_server_let_go()
    assert not complaints


def _wait_until_the_server_let_go() -> None:
    """The threads that served the browser end with its connections; until then the database cannot be dropped."""
    until = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"
            )
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.05)


def test_an_editor_signs_in_accepts_a_link_and_sees_it_accepted(live_server, page):
    editor = make_user(Role.EDITOR)
    editor.set_password(PASSWORD)
    editor.save()
    claim = make_claim("The new bridge will open in March")
    link = make_link(claim, make_statement("the new bridge would not open before May"))

    page.goto(live_server.url + reverse("admin:index"))
    page.fill("[name=username]", editor.username)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.click("text=Review queue")
    assert page.locator("#result_list").inner_text().count("would not open before May") == 1
    page.click("#result_list button:has-text('Accept')")

    page.wait_for_selector("text=The link was accepted.")
    link.refresh_from_db()
    assert (link.state, link.decided_by) == (Link.State.ACCEPTED, editor)
    page.goto(live_server.url + reverse("admin:claims_claim_change", args=[claim.pk]))
    bearing = page.locator("section", has_text="Statements that bear on it").inner_text()
    assert "ACCEPTED" in bearing.upper()
    assert editor.username in bearing


def test_an_editor_judges_a_claim_in_its_form(live_server, page, client):
    editor = make_user(Role.EDITOR)
    client.force_login(editor)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    claim = make_claim("The new bridge will open in March")

    page.goto(live_server.url + reverse("admin:claims_claim_change", args=[claim.pk]))
    page.click("text=Judge")
    page.select_option("[name=to]", "kept")
    page.fill("[name=effective_on]", "2025-03-03")
    page.fill("[name=reason]", "It was opened on that day.")
    page.click("button:has-text('Judge')")
    page.wait_for_selector("text=Show on what this judgement rests")
    page.fill("[name=source-0-url]", "https://roads.example/opening")
    page.fill("[name=source-0-excerpt]", "The bridge was opened on 3 March.")
    page.click("button:has-text('Judge')")

    page.wait_for_selector("text=The claim was judged")
    claim.refresh_from_db()
    assert claim.status == "kept"
