"""The platforms that a product may run on, and the files by which each is known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from launchready_tui.rules.code.config_text import (
    aside,
    base_of,
    depth,
    folder_of,
    mapping,
    read_json,
    read_toml,
    read_yaml,
)

Tree = Mapping[str, str]

MOST_FILES = 40
NEAR = 2  # folders below the root in which a platform's file counts

# Every platform that we tell apart, as a founder knows it. Those of hosting.toml share their ids.
PLATFORMS: Mapping[str, str] = {
    "vercel": "Vercel",
    "netlify": "Netlify",
    "fly": "Fly.io",
    "render": "Render",
    "railway": "Railway",
    "heroku": "Heroku",
    "cloudflare-pages": "Cloudflare Pages or Workers",
    "app-engine": "Google App Engine",
    "cloud-run": "Google Cloud Run",
    "amplify": "AWS Amplify",
    "aws": "AWS",
    "azure": "Azure",
    "digitalocean": "DigitalOcean",
    "firebase": "Firebase",
    "deno": "Deno Deploy",
    "kubernetes": "Kubernetes",
    "server": "your own server",
    "compose": "Docker Compose",
    "github-pages": "GitHub Pages",
}
# These get a new version by a command first; building from git is a setting that we can't see.
BY_COMMAND: Mapping[str, str] = {
    "fly": "fly deploy",
    "cloudflare-pages": "wrangler deploy",
    "app-engine": "gcloud app deploy",
}
# These have no setting that builds from git: what a person runs is the way.
NEVER_BUILDS = frozenset({"server", "compose", "kubernetes"})
# Builds of these are shared with previews, and nothing of ours runs at their start.
SHARED_BUILDS = frozenset({"vercel", "netlify", "cloudflare-pages", "amplify"})


@dataclass(frozen=True, slots=True)
class PlatformFile:
    """A file that belongs to one platform."""

    platform: str
    path: str


_NAMED: Mapping[str, str] = {
    "vercel.json": "vercel",
    "vercel.ts": "vercel",
    "netlify.toml": "netlify",
    "fly.toml": "fly",
    "fly.production.toml": "fly",
    "render.yaml": "render",
    "render.yml": "render",
    "railway.json": "railway",
    "railway.toml": "railway",
    "heroku.yml": "heroku",
    "wrangler.toml": "cloudflare-pages",
    "wrangler.json": "cloudflare-pages",
    "wrangler.jsonc": "cloudflare-pages",
    "amplify.yml": "amplify",
    "firebase.json": "firebase",
}
_COMPOSE = re.compile(r"(?:docker-)?compose(?:[.-][\w-]{1,30})*\.ya?ml")


def platform_files(tree: Tree) -> tuple[tuple[PlatformFile, ...], tuple[str, ...]]:
    """The files of platforms near the root, and those of them that could not be read."""
    found: list[PlatformFile] = []
    unread: list[str] = []
    for path in sorted(tree, key=lambda each: (depth(each), each)):
        if depth(path) > NEAR or aside(path) or len(found) >= MOST_FILES:
            continue
        base, folder = base_of(path), folder_of(path)
        if base_of(folder) == ".vercel" and base == "project.json":
            found.append(PlatformFile("vercel", path))
        elif base in _NAMED:
            found.append(PlatformFile(_NAMED[base], path))
            if tree[path].strip() and not _readable(path, tree[path]):
                unread.append(path)
        elif base in ("app.yaml", "app.yml"):
            platform = _app_yaml(path, tree[path])
            found += [PlatformFile(platform, path)] if platform else []
        elif base == "app.json" and _heroku_json(tree[path]):
            found.append(PlatformFile("heroku", path))
        elif _COMPOSE.fullmatch(base):
            found.append(PlatformFile("compose", path))
    known = {folder_of(each.path) for each in found if each.platform != "compose"}
    found += [
        PlatformFile("heroku", path)
        for path in sorted(tree)
        if base_of(path) == "Procfile" and depth(path) <= NEAR and not aside(path)
        if folder_of(path) not in known
    ][:MOST_FILES]
    return tuple(found), tuple(unread)


def _readable(path: str, text: str) -> bool:
    if path.endswith(".toml"):
        return read_toml(text) is not None
    if path.endswith((".json", ".jsonc")):
        return isinstance(read_json(text), dict)
    return not path.endswith((".yml", ".yaml")) or isinstance(read_yaml(text), dict)


def _app_yaml(path: str, text: str) -> str:
    """Whose app.yaml it is: App Engine's has a runtime, DigitalOcean's stands in .do."""
    if base_of(folder_of(path)) == ".do":
        return "digitalocean"
    root = mapping(read_yaml(text))
    return "app-engine" if "runtime" in root and "kind" not in root else ""


def _heroku_json(text: str) -> bool:
    root = mapping(read_json(text))
    return "expo" not in root and bool(root.keys() & {"buildpacks", "formation", "stack", "addons"})
