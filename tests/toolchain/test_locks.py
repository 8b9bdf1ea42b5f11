"""Lock files: everything by version and hash, nothing by address."""

import json
import re
import tomllib

import pytest

LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-proofs.lock"]
ADDRESS = re.compile(r"https?:|file:|--index-url|--extra-index-url|--find-links|@ ")


def pins(text):
    """`{name: version}` of a requirements lock."""
    return dict(re.findall(r"^([a-z0-9.\-]+)==([^ ;\\]+)", text, re.MULTILINE))


@pytest.mark.parametrize("name", LOCKS)
def test_python_locks_hold_a_hash_for_each_package_and_no_address(root, name):
    text = (root / name).read_text()
    entries = re.split(r"\n(?! )", text.strip())
    assert entries and all("--hash=sha256:" in entry for entry in entries)
    assert all(re.match(r"[a-z0-9.\-]+==", entry) for entry in entries)
    assert not ADDRESS.search(text)


def test_runtime_lock_is_part_of_the_development_lock(root):
    runtime, development = (pins((root / name).read_text()) for name in LOCKS[:2])
    assert runtime.items() <= development.items()


def test_locks_cover_what_pyproject_asks_for(root):
    project = tomllib.loads((root / "pyproject.toml").read_text())
    for wanted, lock in [
        (project["project"]["dependencies"], LOCKS[0]),
        (project["dependency-groups"]["dev"], LOCKS[1]),
        (project["dependency-groups"]["proofs"], LOCKS[2]),
    ]:
        names = {re.match(r"[A-Za-z0-9\-]+", requirement)[0] for requirement in wanted}
        assert names <= set(pins((root / lock).read_text()))


def test_npm_lock_holds_a_hash_for_each_package_and_no_address(root):
    text = (root / "package-lock.json").read_text()
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert packages and all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not re.search(r"[a-z]://|\bfile:|\bgit\+", text)


def test_npm_packages_are_asked_for_by_exact_version(root):
    package = json.loads((root / "package.json").read_text())
    kinds = ("dependencies", "optionalDependencies", "devDependencies")
    versions = [version for kind in kinds for version in package[kind].values()]
    assert versions and all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)
