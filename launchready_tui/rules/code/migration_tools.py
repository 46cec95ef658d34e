"""The tools that keep migrations of a database: how each is known, and its migrations in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from launchready_tui.rules.code.called_commands import package_scripts
from launchready_tui.rules.code.config_text import aside, at, base_of, folder_of, mapping, read_json
from launchready_tui.rules.code.destructive import is_way_back

Tree = Mapping[str, str]


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


_START = r"(?<![\w./-])"
_FLYWAY = r"(?:.*/)?V[\d._]+__[^/]+\.sql"
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
            _FLYWAY,
            rf"{_START}flyway\b[^;&|\n]{{0,200}}?\bmigrate\b|\bflyway:migrate\b|\bflywayMigrate\b",
            _either(_matching(_FLYWAY), _named("flyway.conf", "flyway.toml")),
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
PUSH = re.compile(
    rf"{_START}(?:prisma\s+(?:db\s+push|migrate\s+dev)|drizzle-kit\s+push(?::\w+)?|"
    r"typeorm[\w-]*\s+(?:[^;&|\n]{0,100}\s)?schema:sync)\b"
)
# What empties the database.
WIPE = re.compile(
    rf"{_START}prisma\s+migrate\s+reset\b|{_START}prisma\s+db\s+push\b[^;&|\n]{{0,200}}--force-reset|"
    r"\b(?:rails|rake|sequelize(?:-cli)?)\s+(?:[\w:=./-]{1,80}\s+){0,4}"
    r"db:(?:reset|drop|schema:load|setup|migrate:reset|migrate:undo:all)(?![:\w])|"
    r"\bmanage\.py\s+(?:flush|reset_db)\b|"
    rf"{_START}alembic\s+(?:-\S+\s+){{0,4}}downgrade\s+base\b|"
    rf"{_START}supabase\s+db\s+reset\b|{_START}flyway\b(?!:)[^;&|\n]{{0,100}}?\sclean\b|\bflyway:clean\b|"
    rf"{_START}liquibase\b[^;&|\n]{{0,100}}?\sdrop-?all\b|\bschema:drop\b"
)


# ------------------------------------------------------------------ the migrations of each


def kept_in(tree: Tree) -> Iterator[Kept]:
    """Each tool that is there, with its migrations."""
    ours = [path for path in sorted(tree) if not aside(path)]
    taken: set[str] = set()
    order = sorted(TOOLS, key=lambda tool: tool.id in ("knex", "sequelize", "drizzle"))
    for tool in order:
        if not tool.signs(tree):
            continue
        files = [
            path
            for path in ours
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
                if PUSH.search(text[:4000]):
                    yield text


_NUMBER = re.compile(r"\d+")


def _in_order(tree: Tree, tool: Tool, files: list[str]) -> tuple[str, ...]:
    """Migrations as they run, oldest first, one folder after the other."""
    if tool.id == "alembic":
        return _by_chain(tree, files)
    return tuple(sorted(files, key=lambda path: (counted_in(path), _numbers(path), path)))


def _numbers(path: str) -> tuple[int, ...]:
    base = base_of(path)
    name = base if base != "migration.sql" else base_of(folder_of(path))
    return tuple(int(number[:30]) for number in _NUMBER.findall(name[:200]))


def counted_in(path: str) -> str:
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
    # From those that name none of ours, one step at a time: a file comes after all that it names.
    after: dict[str, list[str]] = {}
    left: dict[str, int] = {}
    for path, names in before.items():
        parents = [own[name] for name in names if name in own]
        left[path] = len(parents)
        for parent in parents:
            after.setdefault(parent, []).append(path)
    place = {path: 1 for path, parents in left.items() if not parents}
    waiting = list(place)
    for path in waiting:
        for child in after.get(path, ()):
            place[child] = max(place.get(child, 0), place[path] + 1)
            left[child] -= 1
            if not left[child]:
                waiting.append(child)
    return tuple(sorted(files, key=lambda path: (folder_of(path), place.get(path, 0), path)))
