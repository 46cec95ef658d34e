"""The code of Harbor Market, as small as it can be and still be a shop: what the checks read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from launchready_tui.lab.repository import Commit, Source

_PACKAGE = """{
  "name": "harbor-market",
  "private": true,
  "scripts": { "dev": "next dev", "build": "next build", "start": "next start" },
  "dependencies": { "@prisma/client": "6.1.0", "next": "15.1.0", "zod": "3.24.0" },
  "devDependencies": { "prisma": "6.1.0" }
}
"""
_ENV = """import { z } from "zod";

// Read at the start: a missing setting stops the build and is named.
export const env = z
  .object({
    DATABASE_URL: z.string().url(),
    STRIPE_SECRET_KEY: z.string(),
    POSTMARK_TOKEN: z.string(),
  })
  .parse(process.env);
"""
_CONFIG = 'import "./src/env";\n\nexport default { reactStrictMode: true };\n'
_PAGE = """import { env } from "../env";

export async function charge(amount: number) {
  return fetch("https://api.stripe.com/v1/charges", {
    headers: { Authorization: `Bearer ${env.STRIPE_SECRET_KEY}` },
    body: String(amount),
    method: "POST",
  });
}
"""
_EXAMPLE = "DATABASE_URL=\nSTRIPE_SECRET_KEY=\nPOSTMARK_TOKEN=\n"
_IGNORED = "node_modules\n.next\n.env\n.env.*\n!.env.example\n"
_FIRST = """-- The first tables.
CREATE TABLE "Listing" ("id" SERIAL PRIMARY KEY, "title" TEXT NOT NULL);
"""
_SECOND = 'ALTER TABLE "Listing" ADD COLUMN "price" INTEGER;\n'
_FLY = """app = "harbor-market"

[deploy]
  release_command = "npx prisma migrate deploy"

[http_service]
  internal_port = 3000
"""
_DEPLOY = """name: Deploy
on:
  push:
    branches: [main]
jobs:
  deploy:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - uses: actions/checkout@v4
      - uses: superfly/flyctl-actions/setup-flyctl@master
      - run: flyctl deploy --remote-only
        env:
          FLY_API_TOKEN: ${{ secrets.FLY_API_TOKEN }}
"""
# Made up: none of these opens anything anywhere.
_STAGING = """DATABASE_URL=postgres://harbor:staging-8f2c61@db-staging.harbor.example/harbor
STRIPE_SECRET_KEY=made-up-staging-4411
POSTMARK_TOKEN=made-up-staging-7720
"""
_PRODUCTION = """DATABASE_URL=postgres://harbor:live-1d94be@db.harbor.example/harbor
STRIPE_SECRET_KEY=made-up-live-9038
POSTMARK_TOKEN=made-up-live-6152
"""


def healthy_source() -> Source:
    """Two commits, settings beside the code, one way to the live site."""
    return Source(
        (
            Commit(
                "The shop",
                (
                    (".gitignore", _IGNORED),
                    (".env.example", _EXAMPLE),
                    ("package.json", _PACKAGE),
                    ("next.config.ts", _CONFIG),
                    ("src/env.ts", _ENV),
                    ("src/app/charge.ts", _PAGE),
                    ("prisma/schema.prisma", 'datasource db {\n  provider = "postgresql"\n}\n'),
                    ("prisma/migrations/20260901090000_first/migration.sql", _FIRST),
                    ("fly.toml", _FLY),
                    (".github/workflows/deploy.yml", _DEPLOY),
                ),
            ),
            Commit(
                "Prices",
                (("prisma/migrations/20261001090000_price/migration.sql", _SECOND),),
            ),
        ),
        ((".env.staging", _STAGING), (".env.production", _PRODUCTION)),
        "git@git.example:harbor/harbor-market.git",
    )


def with_commit(source: Source, message: str, files: Mapping[str, str | None]) -> Source:
    """The same with one more commit; None takes a file away."""
    commit = Commit(message, tuple(files.items()))
    return replace(source, commits=(*source.commits, commit))


def beside(source: Source, path: str, text: str) -> Source:
    """The same with another text in a file that git does not keep."""
    others = tuple(one for one in source.beside if one[0] != path)
    return replace(source, beside=(*others, (path, text)))


def settings_of(source: Source, path: str) -> str:
    """The text of a file that git does not keep."""
    return dict(source.beside)[path]


def without_release(source: Source) -> Source:
    """The same where nothing runs the migrations."""
    kept = "".join(line for line in _FLY.splitlines(keepends=True) if "release_command" not in line)
    return with_commit(source, "A simpler release", {"fly.toml": kept.replace("[deploy]\n", "")})
