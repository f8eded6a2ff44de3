"""A person with a browser: set-up, sign-in, home, sign-out, without JavaScript and in a real Chromium."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from asking import PASSWORD, SETUP

from api.server import Server

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
