"""The files by which a platform is known."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from launchready_tui.rules.code.delivery import delivery
from tests.every import every


def platforms(tree: Mapping[str, str]) -> list[str]:
    return [each.platform for each in delivery(tree).platforms]


FILES = {
    "vercel.json": ("{}", "vercel"),
    ".vercel/project.json": ('{"projectId": "x"}', "vercel"),
    "netlify.toml": ("[build]", "netlify"),
    "fly.toml": ("app = 'x'", "fly"),
    "render.yaml": ("services: []", "render"),
    "railway.json": ("{}", "railway"),
    "railway.toml": ("[build]", "railway"),
    "Procfile": ("web: x", "heroku"),
    "heroku.yml": ("run: {web: x}", "heroku"),
    "app.json": ('{"formation": {}}', "heroku"),
    "app.yaml": ("runtime: python312", "app-engine"),
    "wrangler.toml": ("name = 'x'", "cloudflare-pages"),
    "wrangler.jsonc": ('{"name": "x", // y\n}', "cloudflare-pages"),
    "amplify.yml": ("version: 1", "amplify"),
    "firebase.json": ("{}", "firebase"),
    ".do/app.yaml": ("name: x", "digitalocean"),
    "docker-compose.yml": ("services: {}", "compose"),
    "compose.prod.yaml": ("services: {}", "compose"),
    "web/vercel.json": ("{}", "vercel"),
}


@every("path", FILES)
def test_a_platforms_file_is_known(path: str) -> None:
    text, platform = FILES[path]
    assert platforms({path: text}) == [platform]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Dockerfile", "FROM x"),
        ("app.yaml", "apiVersion: v1\nkind: Deployment\nruntime: x"),
        ("app.json", '{"expo": {"name": "x"}}'),
        ("examples/one/vercel.json", "{}"),
        ("a/b/c/d/fly.toml", ""),
        ("node_modules/x/netlify.toml", ""),
    ],
)
def test_what_is_no_platforms_file(path: str, text: str) -> None:
    assert platforms({path: text}) == []


def test_a_procfile_beside_a_platforms_own_file_is_not_another() -> None:
    assert platforms({"Procfile": "web: x", "render.yaml": "services: []"}) == ["render"]
