"""Migrations of a database: which tool keeps them, what runs them at a release, what they lose.

Read from the files of the repository. Nothing of the customer's is executed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from launchready_tui.rules.called import Ran, package_scripts, runs, shown
from launchready_tui.rules.config_text import (
    aside,
    at,
    base_of,
    depth,
    folder_of,
    line_of,
    lines,
    mapping,
    read_json,
    read_toml,
    read_yaml,
    texts,
    within,
)
from launchready_tui.rules.delivery import (
    SHARED_BUILDS,
    Delivery,
    delivery,
    for_review,
    publishing,
)
from launchready_tui.rules.destructive import Loss, is_way_back, losses
from launchready_tui.rules.workflows import workflows

Tree = Mapping[str, str]
Moment = Literal["release", "start", "build", "workflow"]

NEWEST = 10
MOST_FOLDERS = 20


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool: how its files are recognised, and the commands that change a database."""

    id: str
    name: str
    command: str  # what a release should run
    files: re.Pattern[str]  # of its migrations
    applies: re.Pattern[str]
    signs: Callable[[Tree], bool]


@dataclass(frozen=True, slots=True)
class Kept:
    """The migrations of one tool, oldest first, in the order in which they run."""

    tool: Tool
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Runs:
    """A command that changes the database, the moment at which it runs, and where it stands."""

    moment: Moment
    command: str
    path: str
    line: int
    source: str = ""  # the place that starts it: "package.json build"
    only_live: bool = False  # a condition keeps it from previews


@dataclass(frozen=True, slots=True)
class Lost:
    """A statement that loses something, with its file."""

    path: str
    loss: Loss


@dataclass(frozen=True, slots=True)
class Migrations:
    """All that the files say about changes of the database."""

    kept: tuple[Kept, ...] = ()
    runs: tuple[Runs, ...] = ()  # by the release, of a tool that is there
    pushes: tuple[Runs, ...] = ()  # changes without a file: db push, migrate dev
    wipes: tuple[Runs, ...] = ()  # the database is emptied at a release
    by_hand: tuple[Runs, ...] = ()  # in scripts that no release runs
    lost: tuple[Lost, ...] = ()
    unread: tuple[str, ...] = ()


# ------------------------------------------------------------------ tools


def _named(*names: str) -> Callable[[Tree], bool]:
    return lambda tree: any(base_of(path) in names and not aside(path) for path in tree)


def _matching(pattern: str) -> Callable[[Tree], bool]:
    wanted = re.compile(pattern)
    return lambda tree: any(wanted.fullmatch(path) and not aside(path) for path in tree)


def _depends(*packages: str) -> Callable[[Tree], bool]:
    """Whether a package.json of the tree names one of these packages."""

    def depends(tree: Tree) -> bool:
        for path in tree:
            if base_of(path) == "package.json" and not aside(path):
                root = read_json(tree[path])
                for key in ("dependencies", "devDependencies"):
                    if mapping(at(root, key)).keys() & set(packages):
                        return True
        return False

    return depends


def _either(*signs: Callable[[Tree], bool]) -> Callable[[Tree], bool]:
    return lambda tree: any(sign(tree) for sign in signs)


def _flyway(tree: Tree) -> bool:
    return any(
        re.search(r"(?:^|/)V[\d._]+__[^/]+\.sql$", path) and not aside(path) for path in tree
    )


_START = r"(?<![\w./-])"
TOOLS: tuple[Tool, ...] = tuple(
    Tool(id, name, command, re.compile(files), re.compile(applies), signs)
    for id, name, command, files, applies, signs in (
        (
            "alembic",
            "Alembic",
            "alembic upgrade head",
            r"(?:.*/)?versions/[^/]+\.py",
            rf"{_START}alembic\s+(?:-[-\w]+(?:[= ][\w./-]+)?\s+){{0,4}}upgrade\b|"
            rf"{_START}flask\s+db\s+upgrade\b|\bcommand\.upgrade\(",
            _either(_named("alembic.ini"), _matching(r"(?:.*/)?(?:alembic|migrations)/env\.py")),
        ),
        (
            "django",
            "Django",
            "python manage.py migrate",
            r"(?:.*/)?migrations/\d{4}_\w+\.py",
            r"(?:manage\.py|django-admin|python3?\s+-m\s+django)\s+migrate\b|"
            r"\bcall_command\(\s*['\"]migrate['\"]",
            _named("manage.py"),
        ),
        (
            "prisma",
            "Prisma",
            "prisma migrate deploy",
            r"(?:.*/)?migrations/[^/]+/migration\.sql",
            rf"{_START}prisma\s+migrate\s+deploy\b",
            _named("schema.prisma"),
        ),
        (
            "drizzle",
            "Drizzle",
            "drizzle-kit migrate",
            r"(?:.*/)?(?:drizzle|migrations)/(?:[^/]+/)?[^/]+\.sql",
            rf"{_START}drizzle-kit\s+migrate\b|drizzle-orm/[\w-]+/migrator|\bawait\s+migrate\(",
            _either(
                _matching(r"(?:.*/)?drizzle\.config\.\w+"), _depends("drizzle-kit", "drizzle-orm")
            ),
        ),
        (
            "knex",
            "Knex",
            "knex migrate:latest",
            r"(?:.*/)?migrations/[^/]+\.(?:js|ts|mjs|cjs)",
            rf"{_START}knex\s+(?:--?[\w-]+[= ][\w./-]+\s+){{0,4}}migrate:(?:latest|up)\b|"
            r"\.migrate\.latest\(",
            _either(_matching(r"(?:.*/)?knexfile\.\w+"), _depends("knex")),
        ),
        (
            "rails",
            "Rails",
            "rails db:migrate",
            r"(?:.*/)?db/migrate/[^/]+\.rb",
            r"\bdb:(?:migrate|prepare)(?![:\w])",
            _matching(r"(?:.*/)?db/migrate/[^/]+\.rb"),
        ),
        (
            "flyway",
            "Flyway",
            "flyway migrate",
            r"(?:.*/)?V[\d._]+__[^/]+\.sql",
            rf"{_START}flyway\b[^;&|\n]{{0,200}}?\bmigrate\b|\bflyway:migrate\b|\bflywayMigrate\b",
            _either(_flyway, _named("flyway.conf", "flyway.toml")),
        ),
        (
            "liquibase",
            "Liquibase",
            "liquibase update",
            r"(?:.*/)?(?:db/)?change-?logs?/[^/]+\.(?:xml|ya?ml|sql|json)|"
            r"(?:.*/)?[\w.-]*changelog[\w.-]*\.(?:xml|ya?ml|sql)",
            rf"{_START}liquibase\b[^;&|\n]{{0,200}}?\bupdate\b|\bliquibase:update\b",
            _either(
                _named("liquibase.properties"),
                _matching(r"(?:.*/)?(?:db\.)?changelog[\w.-]*\.(?:xml|ya?ml)"),
            ),
        ),
        (
            "supabase",
            "Supabase",
            "supabase db push",
            r"(?:.*/)?supabase/migrations/[^/]+\.sql",
            rf"{_START}supabase\s+(?:db\s+push|migration\s+up)\b(?![^;&|\n]{{0,200}}--dry-run)",
            _matching(r"(?:.*/)?supabase/migrations/[^/]+\.sql"),
        ),
        (
            "sequelize",
            "Sequelize",
            "sequelize db:migrate",
            r"(?:.*/)?migrations/[^/]+\.(?:js|ts|cjs)",
            r"\bsequelize(?:-cli)?\s+db:migrate(?![:\w])",
            _either(_named(".sequelizerc"), _depends("sequelize-cli")),
        ),
        (
            "typeorm",
            "TypeORM",
            "typeorm migration:run",
            r"(?:.*/)?migrations?/\d{10,}[^/]*\.(?:js|ts)",
            r"\btypeorm[\w-]*\b[^;&|\n]{0,200}?\bmigration:run\b|\.runMigrations\(",
            _depends("typeorm"),
        ),
    )
)

# A change of the database that no file holds.
_PUSH = re.compile(
    rf"{_START}(?:prisma\s+(?:db\s+push|migrate\s+dev)|drizzle-kit\s+push(?::\w+)?|"
    r"typeorm[\w-]*\s+(?:[^;&|\n]{0,100}\s)?schema:sync)\b"
)
# What empties the database.
_WIPE = re.compile(
    rf"{_START}prisma\s+migrate\s+reset\b|{_START}prisma\s+db\s+push\b[^;&|\n]{{0,200}}--force-reset|"
    r"\bdb:(?:reset|drop|schema:load|setup|migrate:reset|migrate:undo:all)(?![:\w])|"
    r"\bmanage\.py\s+(?:flush|reset_db)\b|"
    rf"{_START}alembic\s+(?:-\S+\s+){{0,4}}downgrade\s+base\b|"
    rf"{_START}supabase\s+db\s+reset\b|{_START}flyway\b[^;&|\n]{{0,100}}?\sclean\b|"
    rf"{_START}liquibase\b[^;&|\n]{{0,100}}?\sdrop-?all\b|\bschema:drop\b"
)
_TYPEORM = re.compile(r"migrationsRun['\"]?\s*:\s*true")
_SPRING = {
    "flyway": re.compile(r"flyway-core|flyway-database|org\.flywaydb"),
    "liquibase": re.compile(r"liquibase-core"),
}


# ------------------------------------------------------------------ what is found


def migrations(tree: Tree, found: Delivery | None = None, hosted: Iterable[str] = ()) -> Migrations:
    """Everything about changes of the database. `hosted`: platforms that answered for the site."""
    found = found or delivery(tree)
    kept = tuple(_kept(tree))
    platforms = {way.platform for way in found.ways} | set(hosted)
    held = {one.tool.id for one in kept}
    applies = [tool.applies for tool in TOOLS if tool.id in held]
    released = list(_released(tree, platforms))
    applying: list[Runs] = []
    pushes: list[Runs] = []
    wipes: list[Runs] = []
    for one in released:
        if _WIPE.search(one.command):
            wipes.append(_cut(one, _WIPE))
        elif _PUSH.search(one.command):
            pushes.append(_cut(one, _PUSH))
        else:
            applying += [_cut(one, pattern) for pattern in applies if pattern.search(one.command)][
                :1
            ]
    applying += _at_start(tree, held)
    lost, unread = _lost(tree, kept)
    return Migrations(
        kept=kept,
        runs=_once(applying),
        pushes=_once(pushes),
        wipes=_once(wipes),
        by_hand=_once(_by_hand(tree, held)),
        lost=lost,
        unread=unread,
    )


def _cut(one: Runs, pattern: re.Pattern[str]) -> Runs:
    """The same, with the one command of its line that changes the database."""
    return replace(one, command=shown(one.command, pattern))


def _once(found: Iterable[Runs]) -> tuple[Runs, ...]:
    return tuple({(one.path, one.line, one.command): one for one in found}.values())[:20]


def in_shared_build(found: Migrations, platforms: Iterable[str]) -> Runs | None:
    """The command that changes the live database from a build that previews share, if one does."""
    if not set(platforms) & SHARED_BUILDS:
        return None
    return next((one for one in found.runs if one.moment == "build" and not one.only_live), None)


@dataclass(frozen=True)
class _Seen:
    """The paths of a tree that may belong to the product."""

    tree: Tree

    @cached_property
    def paths(self) -> tuple[str, ...]:
        return tuple(path for path in sorted(self.tree) if not aside(path))


def _kept(tree: Tree) -> Iterator[Kept]:
    """Each tool that is there, with its migrations."""
    seen = _Seen(tree)
    taken: set[str] = set()
    order = sorted(TOOLS, key=lambda tool: tool.id in ("knex", "sequelize", "drizzle"))
    for tool in order:
        if not tool.signs(tree):
            continue
        files = [
            path
            for path in seen.paths
            if tool.files.fullmatch(path) and path not in taken and not is_way_back(path)
            if base_of(path) not in ("__init__.py", "schema.sql")
        ]
        if tool.id == "drizzle":
            files = [path for path in files if "supabase/" not in path]
        taken.update(files)
        schema = tool.id in ("prisma", "drizzle") and bool(list(_pushes_by_hand(tree)))
        if files or schema:
            yield Kept(tool, _in_order(tree, tool, files))


def _pushes_by_hand(tree: Tree) -> Iterator[str]:
    for path in tree:
        if base_of(path) == "package.json" and not aside(path):
            for text in package_scripts(tree, path).values():
                if _PUSH.search(text[:4000]):
                    yield text


_NUMBER = re.compile(r"\d+")


def _in_order(tree: Tree, tool: Tool, files: list[str]) -> tuple[str, ...]:
    """Migrations as they run, oldest first, one folder after the other."""
    if tool.id == "alembic":
        return _by_chain(tree, files)
    return tuple(sorted(files, key=lambda path: (_folder(path), _numbers(path), path)))


def _numbers(path: str) -> tuple[int, ...]:
    base = base_of(path)
    name = base if base != "migration.sql" else base_of(folder_of(path))
    return tuple(int(number[:30]) for number in _NUMBER.findall(name[:200]))


def _folder(path: str) -> str:
    """The folder in which the migrations are counted; Prisma has a folder for each."""
    folder = folder_of(path)
    return folder_of(folder) if base_of(path) == "migration.sql" else folder


_REVISION = re.compile(
    r"^(revision|down_revision)\s*(?::[^=\n]{0,80})?=\s*(.{0,300})$", re.MULTILINE
)
_QUOTED = re.compile(r"['\"]([^'\"\n]{1,100})['\"]")


def _by_chain(tree: Tree, files: list[str]) -> tuple[str, ...]:
    """Alembic's files carry no number: each names the one before it."""
    own: dict[str, str] = {}
    before: dict[str, tuple[str, ...]] = {}
    for path in files:
        found = dict(_REVISION.findall(tree[path][:20_000]))
        name = _QUOTED.findall(found.get("revision", ""))
        if name:
            own[name[0]] = path
            before[path] = tuple(_QUOTED.findall(found.get("down_revision", "")))
    place: dict[str, int] = {}
    for _ in range(len(files)):
        changed = False
        for path, names in before.items():
            parents = [own[name] for name in names if name in own]
            if path not in place and all(parent in place for parent in parents):
                place[path] = 1 + max((place[parent] for parent in parents), default=0)
                changed = True
        if not changed:
            break
    return tuple(sorted(files, key=lambda path: (folder_of(path), place.get(path, 0), path)))


def _lost(tree: Tree, kept: Iterable[Kept]) -> tuple[tuple[Lost, ...], tuple[str, ...]]:
    """What the newest migrations lose, and those that could not be read."""
    found: list[Lost] = []
    unread: list[str] = []
    for each in kept:
        folders: dict[str, list[str]] = {}
        for path in each.files:
            folders.setdefault(_folder(path), []).append(path)
        for files in list(folders.values())[:MOST_FOLDERS]:
            for path in files[-NEWEST:]:
                lost = losses(path, tree[path])
                if lost is None:
                    unread.append(path)
                else:
                    found += [Lost(path, one) for one in lost]
    return tuple(found), tuple(unread)


# ------------------------------------------------------------------ what a release runs


def _released(tree: Tree, platforms: set[str]) -> Iterator[Runs]:
    """Every line that a release runs: in a step of its own, at the start, in a build, in a job."""
    for moment, source, command, path, folder, line, live in _entries(tree, platforms):
        for ran in runs(tree, command, path, folder, line):
            yield _runs(tree, moment, source, ran, live)
    for job in workflows(tree).jobs:
        if for_review(job) or job.services:
            continue
        publishes = next(publishing(tree, job), None) is not None
        named = re.search(
            r"migrat|deploy|release|publish", f"{job.path} {job.name} {job.title}", re.I
        )
        production = re.search(r"prod|live", job.environment, re.I)
        if not (publishes or production or named):
            continue
        for step in job.steps:
            if step.command and not step.request:
                for ran in runs(tree, step.command, job.path, step.folder, step.line):
                    yield _runs(tree, "workflow", f"{job.path}, job {job.name}", ran, True)


_LIVE_ONLY = re.compile(
    r"(?:VERCEL_ENV|VERCEL_TARGET_ENV|CONTEXT|CF_PAGES_BRANCH|AWS_BRANCH|BRANCH|RAILWAY_ENVIRONMENT_NAME|"
    r"VERCEL_GIT_COMMIT_REF|NODE_ENV_TARGET)\b[^\n]{0,40}?(?:production|prod|main|master)\b"
)


def _runs(tree: Tree, moment: Moment, source: str, ran: Ran, live: bool) -> Runs:
    guarded = live or bool(_LIVE_ONLY.search(ran.text[:4000]))
    for step in ran.via:  # a script that asks first which build it is in
        path = step.rpartition(" in ")[2]
        if base_of(path) != "package.json" and _LIVE_ONLY.search(tree.get(path, "")[:20_000]):
            guarded = True
    return Runs(moment, ran.text[:4000], ran.path, ran.line, source, guarded)


_Entry = tuple[Moment, str, str, str, str, int, bool]


def _entries(tree: Tree, platforms: set[str]) -> Iterator[_Entry]:
    """What a platform is told to run: moment, source, command, file, folder, line, live only."""
    starts = not platforms or bool(platforms - SHARED_BUILDS)
    for path in sorted(tree):
        if depth(path) > 3 or aside(path):
            continue
        base, folder = base_of(path), folder_of(path)
        if base == "package.json":
            yield from _package(tree, path, folder, starts, platforms)
        elif base == "Procfile":
            yield from _procfile(tree[path], path, folder)
        elif base.startswith("fly.") and base.endswith(".toml"):
            yield from _fly(tree[path], path, folder)
        elif base in ("render.yaml", "render.yml"):
            yield from _render(tree[path], path)
        elif base in ("railway.json", "railway.toml"):
            yield from _railway(tree[path], path, folder)
        elif base == "heroku.yml":
            root = read_yaml(tree[path])
            for command in texts(at(root, "release", "command")):
                yield _entry("release", path, command, tree, folder)
            for command in mapping(at(root, "run")).values():
                if isinstance(command, str):
                    yield _entry("start", path, command, tree, folder)
        elif base == "vercel.json":
            root = read_json(tree[path])
            for key in ("buildCommand", "installCommand"):
                for command in texts(at(root, key)):
                    yield _entry("build", path, command, tree, folder)
        elif base == "netlify.toml":
            yield from _netlify(tree[path], path, folder)
        elif base == "amplify.yml":
            yield from _amplify(tree[path], path, folder)
        elif base in ("nixpacks.toml", ".do/app.yaml"):
            command = at(read_toml(tree[path]), "start", "cmd")
            if isinstance(command, str):
                yield _entry("start", path, command, tree, folder)
        elif base == "Dockerfile" or base.startswith("Dockerfile."):
            if not re.search(r"dev|test", base, re.I) and starts:
                yield from _dockerfile(tree[path], path, folder)
        elif re.fullmatch(r"(?:docker-)?compose[.-]prod\w*\.ya?ml", base):
            for service in mapping(at(read_yaml(tree[path]), "services")).values():
                for command in _command_of(at(service, "command")):
                    yield _entry("start", path, command, tree, folder)
        elif path == ".do/app.yaml":
            root = read_yaml(tree[path])
            for job in _rows(at(root, "jobs")):
                for command in texts(at(job, "run_command")):
                    yield _entry("release", path, command, tree, "")


def _entry(
    moment: Moment, path: str, command: str, tree: Tree, folder: str, source: str = "",
    live: bool = False,
) -> _Entry:  # fmt: skip
    line = line_of(tree[path], command)
    return (moment, source or path, command[:4000], path, folder, line, live)


def _package(
    tree: Tree, path: str, folder: str, starts: bool, platforms: set[str]
) -> Iterator[_Entry]:
    scripts = package_scripts(tree, path)
    builds = ["build", "postinstall", "prepare"]
    if "vercel-build" in scripts and "vercel" in platforms:
        builds[0] = "vercel-build"  # Vercel runs this one in its place
    elif "vercel-build" in scripts and not platforms:
        builds.append("vercel-build")
    if "heroku" in platforms or not platforms:
        builds += ["heroku-postbuild"]
    moments: list[tuple[Moment, str]] = [("build", name) for name in builds]
    if starts:
        moments += [("start", name) for name in ("start", "start:prod", "start:production")]
    for moment, name in moments:
        for one in (f"pre{name}", name, f"post{name}"):
            if one in scripts and (one == name or name != "postinstall"):
                line = line_of(tree[path], f'"{one}"')
                yield (
                    moment,
                    f"{path}, script {one}",
                    scripts[one][:4000],
                    path,
                    folder,
                    line,
                    False,
                )


def _procfile(text: str, path: str, folder: str) -> Iterator[_Entry]:
    for number, line in enumerate(lines(text[:100_000]), start=1):
        name, colon, command = line.partition(":")
        if colon and name.strip() in ("release", "web"):
            moment: Moment = "release" if name.strip() == "release" else "start"
            yield (moment, f"{path}, {name.strip()}", command.strip(), path, folder, number, False)


def _fly(text: str, path: str, folder: str) -> Iterator[_Entry]:
    root = read_toml(text)
    for command in _command_of(at(root, "deploy", "release_command")):
        yield (
            "release",
            f"{path}, release_command",
            command,
            path,
            folder,
            line_of(text, "release_command"),
            True,
        )
    for command in mapping(at(root, "processes")).values():
        if isinstance(command, str):
            yield (
                "start",
                f"{path}, processes",
                command,
                path,
                folder,
                line_of(text, command),
                False,
            )


def _rows(value: Any) -> list[Any]:
    return value[:60] if isinstance(value, list) else []


def _render(text: str, path: str) -> Iterator[_Entry]:
    for service in _rows(at(read_yaml(text), "services")):
        folder = next(iter(texts(at(service, "rootDir"))), "")
        moments: tuple[tuple[str, Moment], ...] = (
            ("preDeployCommand", "release"),
            ("startCommand", "start"),
            ("dockerCommand", "start"),
            ("buildCommand", "build"),
        )
        for key, moment in moments:
            for command in texts(at(service, key)):
                line = line_of(text, command)
                yield (moment, f"{path}, {key}", command, path, within("", folder), line, False)


def _railway(text: str, path: str, folder: str) -> Iterator[_Entry]:
    root = read_toml(text) if path.endswith(".toml") else read_json(text)
    moments: tuple[tuple[tuple[str, str], Moment], ...] = (
        (("deploy", "preDeployCommand"), "release"),
        (("deploy", "startCommand"), "start"),
        (("build", "buildCommand"), "build"),
    )
    for keys, moment in moments:
        for command in texts(at(root, *keys)):
            line = line_of(text, keys[1])
            yield (moment, f"{path}, {keys[1]}", command, path, folder, line, False)


def _netlify(text: str, path: str, folder: str) -> Iterator[_Entry]:
    root = read_toml(text)
    base = at(root, "build", "base")
    inside = within(folder, base) if isinstance(base, str) else folder
    for command in texts(at(root, "build", "command")):
        previews = {"deploy-preview", "branch-deploy"}
        others = {
            name
            for name, given in mapping(at(root, "context")).items()
            if isinstance(at(given, "command"), str)
        }
        live = previews <= others  # previews have a command of their own
        yield ("build", f"{path}, build", command, path, inside, line_of(text, command), live)
    for command in texts(at(root, "context", "production", "command")):
        yield ("build", f"{path}, production", command, path, inside, line_of(text, command), True)


def _amplify(text: str, path: str, folder: str) -> Iterator[_Entry]:
    root = read_yaml(text)
    applications = _rows(at(root, "applications")) or [root]
    for application in applications:
        inside = within(folder, next(iter(texts(at(application, "appRoot"))), ""))
        for part in ("frontend", "backend"):
            for phase in mapping(at(application, part, "phases")).values():
                for command in texts(at(phase, "commands"))[:60]:
                    line = line_of(text, command)
                    yield ("build", f"{path}, {part}", command, path, inside, line, False)


def _command_of(value: Any) -> tuple[str, ...]:
    """A command that is written as a text, or as a list of its words."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return (" ".join(value[:60]),)
    return (value,) if isinstance(value, str) else ()


_LAST = re.compile(r"^\s*(CMD|ENTRYPOINT)\s+(.*)$", re.IGNORECASE)


def _dockerfile(text: str, path: str, folder: str) -> Iterator[_Entry]:
    """CMD and ENTRYPOINT of the last stage, which is the one that runs."""
    last: dict[str, tuple[str, int]] = {}
    for number, line in enumerate(lines(text[:200_000].replace("\\\n", "  ")), start=1):
        if re.match(r"\s*FROM\s", line, re.IGNORECASE):
            last.clear()
        elif found := _LAST.match(line):
            given = found[2].strip()
            words = read_json(given) if given.startswith("[") else None
            command = " ".join(texts(words)) if isinstance(words, list) else given
            last[found[1].upper()] = (command, line_of(text, given) or number)
    for kind, (command, number) in last.items():
        inside = command
        for prefix in (
            "/app/",
            "/usr/src/app/",
            "/rails/",
            "/code/",
            "/srv/",
            "/usr/local/bin/",
            "/",
        ):
            inside = re.sub(rf"(?<![\w.]){re.escape(prefix)}(?=[\w.])", "./", inside)
        yield ("start", f"{path}, {kind}", _with_scripts(inside), path, folder, number, False)


def _with_scripts(command: str) -> str:
    """The command, and the same script where a Dockerfile most often copies it from."""
    names = re.findall(r"\./([\w.-]{1,60}\.sh|[\w-]{1,60}entrypoint[\w-]{0,20})\b", command)
    extra = [f"./{folder}/{name}" for name in names[:4] for folder in ("docker", "scripts", "bin")]
    return "\n".join([command, *extra])


def _at_start(tree: Tree, held: set[str]) -> Iterator[Runs]:
    """Tools that the product itself starts: Spring Boot with Flyway, TypeORM with migrationsRun."""
    for path in sorted(tree):
        base = base_of(path)
        if aside(path) or depth(path) > 3:
            continue
        if base in ("pom.xml", "build.gradle", "build.gradle.kts"):
            for id, wanted in _SPRING.items():
                if id in held and (found := wanted.search(tree[path])):
                    line = tree[path].count("\n", 0, found.start()) + 1
                    yield Runs("start", found[0], path, line, f"{path}, at the start")
        elif (
            "typeorm" in held
            and base.endswith((".ts", ".js", ".json"))
            and (found := _TYPEORM.search(tree[path][:100_000]))
        ):
            line = tree[path].count("\n", 0, found.start()) + 1
            yield Runs("start", "migrationsRun: true", path, line, f"{path}, at the start")


def _by_hand(tree: Tree, held: set[str]) -> Iterator[Runs]:
    """Scripts of package.json that change the database and that nothing starts by itself."""
    for path in sorted(tree):
        if base_of(path) != "package.json" or aside(path) or depth(path) > 3:
            continue
        for name, text in package_scripts(tree, path).items():
            short = text[:4000]
            patterns = [_PUSH, *(tool.applies for tool in TOOLS if tool.id in held)]
            if pattern := next((one for one in patterns if one.search(short)), None):
                line = line_of(tree[path], f'"{name}"')
                command = shown(short, pattern)
                yield Runs("start", command, path, line, f"{path}, script {name}")


# ------------------------------------------------------------------ the verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """What the migrations come to: the name of an outcome, and the command that it speaks of."""

    name: str
    run: Runs | None = None


def judge(found: Migrations, platforms: Iterable[str]) -> Judged:
    """The worst that can be said: a release that empties, then one that changes without files."""
    if found.wipes:
        return Judged("wipes", found.wipes[0])
    if found.pushes:
        return Judged("pushes", found.pushes[0])
    if not found.kept:
        return Judged("none")
    if not found.runs:
        return Judged("by-hand")
    shared = in_shared_build(found, platforms)
    kinds = ("release", "workflow", "start", "build")
    first = min(found.runs, key=lambda one: kinds.index(one.moment))
    if shared is not None:
        return Judged("in-build", shared)
    if found.lost:
        return Judged("destructive", first)
    return Judged("ok", first)
