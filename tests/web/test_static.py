"""What browsers load is what we built: no third party, no inline code, nothing changed by hand."""

from __future__ import annotations

import hashlib
import re

import pytest

from web.assets import STATIC, asset
from web.pages import TEMPLATES

VENDOR = STATIC / "vendor"
ALL = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
FULL_PAGES = [name for name in ALL if not name.startswith("parts/")]


def test_vendored_files_are_the_ones_in_the_manifest():
    listed = dict(line.split()[::-1] for line in (VENDOR / "SHA256SUMS").read_text().splitlines())
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    assert found == listed, "rebuild with web/assets-src/build.sh; never edit web/static/vendor"


@pytest.mark.parametrize("package", [path.name for path in VENDOR.iterdir() if path.is_dir()])
def test_each_vendored_package_brings_its_licence(package):
    assert any("LICENSE" in path.name for path in (VENDOR / package).iterdir())


def test_style_sheets_load_nothing_from_elsewhere():
    for sheet in STATIC.rglob("*.css"):
        for address in re.findall(r"url\(\"?([^)\"]*)", sheet.read_text()):
            assert not address.startswith(("http", "//")), f"{sheet.name}: {address}"
            assert address == "" or address.startswith("data:") or (sheet.parent / address).is_file(), address


def test_an_asset_carries_the_hash_of_its_content():
    digest = hashlib.sha256((STATIC / "app.css").read_bytes()).hexdigest()
    assert asset("app.css") == f"/static/app.css?v={digest[:12]}"


@pytest.mark.parametrize("name", ALL)
def test_a_template_has_no_inline_code_and_trusts_nothing(name):
    text = (TEMPLATES / name).read_text()
    assert not re.search(r"\sstyle=", text), "the content security policy blocks style="
    assert not re.search(r"\son[a-z]+=", text), "the content security policy blocks inline handlers"
    assert not re.search(r"<script(?![^>]*\bsrc=)", text), "the content security policy blocks inline scripts"
    assert not re.search(r"\|\s*safe\b|\{%-?\s*autoescape", text), "nothing printed is trusted"
    assert "//" not in re.sub(r"\{#.*?#\}", "", text, flags=re.S).replace("http://www.w3.org/2000/svg", ""), (
        "nothing is loaded from another site"
    )


@pytest.mark.parametrize("name", [n for n in FULL_PAGES if "{% extends" in (TEMPLATES / n).read_text()])
def test_a_page_has_a_title_and_one_heading(name):
    text = (TEMPLATES / name).read_text()
    assert re.search(r"\{% block title %\}.+\{% endblock %\}", text)
    above = re.search(r'\{% extends "([^"]+)"', text)[1]  # a page that extends another page has that one's heading
    assert (text if above == "base.html" else text + (TEMPLATES / above).read_text()).count("<h1") == 1


@pytest.mark.parametrize("name", ALL)
def test_every_form_that_changes_something_carries_the_token(name):
    if name in ("sign_in/password.html", "sign_in/returned.html"):
        return  # there is no session yet; the gate in front of the body guards it
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", (TEMPLATES / name).read_text(), flags=re.S):
        assert "csrf" in form, form[:120]
