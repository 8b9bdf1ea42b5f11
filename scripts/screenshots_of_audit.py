"""Makes the pictures of docs/auditing.md anew: order 7 of a new `liandong run`, on the audit pages.

Usage: python scripts/screenshots_of_audit.py; needs Debian's chromium. The trial's orders are always
the same.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

import httpx
from benchmarks.processes import process
from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "screenshots"
ORDER = 7
WIDTH = 1280
HIGHEST = 1900
PATIENCE = 180


def environment_of(folder: Path) -> dict[str, str]:
    """What the trial wrote down: its API's address and its keys."""
    path = folder / "environment"
    until = time.monotonic() + PATIENCE
    while not path.exists():
        if time.monotonic() > until:
            raise RuntimeError("the trial does not come up")
        time.sleep(0.2)
    lines = (line.removeprefix("export ").partition("=") for line in path.read_text().splitlines())
    return {name: value.strip("'\"") for name, _, value in lines}


def transactions(told: dict[str, str]) -> list[str]:
    """The hashes of those that recorded, delivered and settled the order, once it is settled."""
    headers = {"Authorization": f"Bearer {told['AUDITOR_KEY']}"}
    until = time.monotonic() + PATIENCE
    with httpx.Client(base_url=told["API"], headers=headers) as client:
        while time.monotonic() < until:
            try:
                answer = client.get(f"/v1/orders/{ORDER}/history")
            except httpx.TransportError:
                time.sleep(0.2)
                continue
            if answer.status_code == 200 and answer.json()["state"] == "settled":
                return list(dict.fromkeys(one["transaction"] for one in answer.json()["events"]))
            time.sleep(0.2)
    raise RuntimeError(f"order {ORDER} has not settled")


def main() -> None:
    """Takes all pictures."""
    folder = Path(tempfile.mkdtemp()) / "run"
    arguments = ("run", "--no-opening", "--folder", str(folder), "--port", "0", "--node-port", "0",
                 "--day", "0.4")  # fmt: skip
    log = folder.parent / "log"
    with process(*arguments, environment={}, log=log), sync_playwright() as playwright:
        told = environment_of(folder)
        *_, settled = transactions(told)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": 844})
        cookies = {"liandong_session": told["AUDITOR_KEY"], "liandong_language": "en"}
        page.context.add_cookies(
            [{"name": n, "value": v, "domain": "127.0.0.1", "path": "/app"} for n, v in cookies.items()]
        )
        for name, path in (
            ("order", f"orders/{ORDER}"),
            ("settled", f"transactions/{settled}"), ("batch", "batches/1"), ("account", "accounts/30"),
        ):  # fmt: skip
            page.set_viewport_size({"width": WIDTH, "height": 844})
            page.goto(f"{told['API']}/app/audit/records/{path}")
            height = min(page.evaluate("document.documentElement.scrollHeight"), HIGHEST)
            page.set_viewport_size({"width": WIDTH, "height": height})
            page.screenshot(path=FOLDER / f"auditing-{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
