"""A person with a browser: set-up, sign-in, home, sign-out, without JavaScript and in a real Chromium."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from asking import PASSWORD, SETUP

from api.server import Server
from watch.store import mentioned

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture
def address(app, world):
    world.mention(title="Un canapé qui dure")
    running = Server(app, port=0)
    running.bind()
    thread = threading.Thread(target=running.run)
    thread.start()
    yield running.url
    running.stop()
    thread.join(10)


@pytest.fixture
def page():
    if not CHROMIUM.exists():
        pytest.skip(
            f"{CHROMIUM} is not installed (Debian: apt-get install chromium): the pages are NOT seen by a browser"
        )
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
        yield context.new_page()
        browser.close()


def test_a_person_finds_the_way_in_and_out(address, page):
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    page.goto(address)
    assert page.url == f"{address}/setup"
    page.get_by_label("One-time token").fill(SETUP)
    page.get_by_label("Name").fill("Claire")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button").click()
    assert page.url == f"{address}/"
    page.get_by_role("link", name="Mentions").click()
    page.get_by_label("Words").fill("canapé")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Un canapé qui dure").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Un canapé qui dure"
    page.get_by_role("button", name="Sign out").click()
    assert page.url == f"{address}/sign-in"
    page.goto(f"{address}/mentions")
    page.get_by_label("Name").fill("Claire")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    assert page.url == f"{address}/mentions"
    assert refused == []


def test_a_person_corrects_a_mention_by_keyboard_without_javascript(address, page, world):
    page.goto(address)
    page.get_by_label("One-time token").fill(SETUP)
    page.get_by_label("Name").fill("Claire")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button").click()
    page.goto(f"{address}/mentions/1")
    page.get_by_role("group", name="What is it, in your eyes?").get_by_role("button", name="negative").press("Enter")
    assert page.url == f"{address}/mentions/1#label"
    assert "corrected by Claire" in page.get_by_role("region", name="Toward Aubrac").inner_text()
    page.get_by_text("Correct the topics").press("Enter")
    page.get_by_label("delivery").press("Space")
    page.get_by_role("button", name="Keep these topics").press("Enter")
    assert page.get_by_role("link", name="delivery").is_visible()
    page.get_by_role("button", name="Hide it as spam").press("Enter")
    assert "Hidden as spam" in page.get_by_role("region", name="Spam").inner_text()
    page.get_by_label("Status").select_option(label="answered")
    page.get_by_label("Note").fill("Rappelé.")
    page.get_by_role("button", name="Save").press("Enter")
    page.get_by_role("button", name="Take the sentiment back").press("Enter")
    page.get_by_role("button", name="Take it back about spam").press("Enter")
    assert page.get_by_label("Note").input_value() == "Rappelé."
    assert "Sentiment taken back" in page.get_by_role("region", name="History").inner_text()
    with world.store.reading() as session:
        found = mentioned.detail(session, 1)
    assert found is not None
    assert [word.label for word in found.words] == ["topics"]
    assert (found.mention.sentiment, found.mention.status, found.mention.spam) == ("neutral", "answered", False)
