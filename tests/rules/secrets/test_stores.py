"""Which stores for secrets the files of a repository put to use, and what only looks like it."""

from __future__ import annotations

import time

import pytest

from launchready_tui.rules.secrets.stores import LARGEST, Use, uses
from tests.every import every

FLOW = ".github/workflows/deploy.yml"


def stores(path: str, text: str, **more: str) -> list[str]:
    return [use.store for use in uses({path: text, **more})]


@every(
    ("path", "text", "store"),
    [
        (FLOW, "      TOKEN: ${{ secrets.FLY_API_TOKEN }}", "GitHub Actions secrets"),
        (FLOW, "      - run: echo \"${{ secrets['KEY'] }}\" | login", "GitHub Actions secrets"),
        (FLOW, "    secrets: inherit", "GitHub Actions secrets"),
        (".gitlab-ci.yml", "job:\n  secrets:\n    KEY:\n      vault: a/b",
         "a secret manager that GitLab reads"),
        ("doppler.yaml", "setup:\n  - project: shop\n    config: prd", "Doppler"),
        ("package.json", '{"scripts": {"start": "doppler run -- node app.js"}}', "Doppler"),
        ("Dockerfile", 'CMD ["doppler", "run"]\nRUN doppler run -- true', "Doppler"),
        (".infisical.json", '{\n  "workspaceId": "4f2"\n}', "Infisical"),
        ("bin/start.sh", "exec infisical run -- node app.js", "Infisical"),
        (".env", "STRIPE_KEY=op://launch/stripe/key", "1Password"),
        ("Makefile", "dev:\n\top run --env-file=.env -- npm start", "1Password"),
        (FLOW, "    - uses: 1password/load-secrets-action@v2", "1Password"),
        ("deploy.sh", "bws run -- ./start", "Bitwarden"),
        ("deploy.sh", "KEY=$(vault kv get -field=key secret/shop)", "Vault"),
        ("app/keys.py", "client = hvac.Client(url=URL)", "Vault"),
        ("k8s/app.yaml", '  vault.hashicorp.com/agent-inject: "true"', "Vault"),
        ("task.json", '{"valueFrom": "arn:aws:secretsmanager:eu-west-1:1:secret:key"}',
         "AWS Secrets Manager"),
        ("app/keys.py", 'boto3.client("secretsmanager")', "AWS Secrets Manager"),
        ("src/keys.ts", "const c = new SecretsManagerClient({});", "AWS Secrets Manager"),
        ("task.json", '{"name": "A", "valueFrom": "arn:aws:ssm:eu-west-1:1:parameter/a"}',
         "AWS Parameter Store"),
        ("start.sh", "aws ssm get-parameter --name /shop/key --with-decryption",
         "AWS Parameter Store"),
        ("app/keys.py", "ssm.get_parameter(Name=n, WithDecryption=True)", "AWS Parameter Store"),
        ("src/keys.ts", "new SecretManagerServiceClient()", "Google Secret Manager"),
        ("functions/index.js", "const key = defineSecret('STRIPE_KEY');", "Google Secret Manager"),
        ("deploy.sh", "gcloud run deploy shop \\\n  --set-secrets=KEY=key:latest",
         "Google Secret Manager"),
        ("app/keys.py", "from azure.keyvault.secrets import SecretClient", "Azure Key Vault"),
        ("main.json", '"KEY": "@Microsoft.KeyVault(SecretUri=https://a.example/s)"',
         "Azure Key Vault"),
        (".sops.yaml", "creation_rules:\n  - age: age1", "SOPS"),
        ("secrets.enc.yaml", "key: ENC[AES256_GCM,data:q=,iv:a=,tag:b=,type:str]", "SOPS"),
        (".env.vault", 'DOTENV_VAULT_PRODUCTION="a1b2"', "dotenv vault"),
        (".env.production", 'KEY="encrypted:BDqDBibm4w"', "dotenvx"),
        ("k8s/key.yaml", "kind: SealedSecret", "sealed secrets in Kubernetes"),
        ("k8s/key.yaml", "kind: ExternalSecret", "External Secrets in Kubernetes"),
        ("bin/setup.sh", "fly secrets import < /dev/stdin", "Fly.io secrets"),
        ("render.yaml", "    envVars:\n      - key: KEY\n        sync: false", "Render's settings"),
        ("render.yaml", "        fromService:\n          envVarKey: KEY", "Render's settings"),
        ("package.json", '{"scripts": {"dev": "railway run next dev"}}', "Railway's settings"),
        (FLOW, "  - run: vercel pull --yes --environment=production", "Vercel's settings"),
        ("bin/setup.sh", "netlify env:import .env", "Netlify's settings"),
        ("bin/setup.sh", 'heroku config:set KEY="$1"', "Heroku's settings"),
        (".do/app.yaml", "  envs:\n  - key: KEY\n    type: SECRET", "DigitalOcean's settings"),
        ("bin/setup.sh", "npx wrangler secret put KEY", "Cloudflare secrets"),
        ("wrangler.toml", "[[secrets_store_secrets]]", "Cloudflare secrets"),
        ("amplify/backend.ts",
         "import { secret } from '@aws-amplify/backend';\nconst key = secret('KEY');",
         "Amplify secrets"),
        ("compose.yaml", "secrets:\n  key:\n    external: true", "Docker secrets"),
    ],
)  # fmt: skip
def test_a_store_in_use(path: str, text: str, store: str) -> None:
    assert stores(path, text) == [store]


@every(
    ("path", "text"),
    [
        (FLOW, "      TOKEN: ${{ secrets.GITHUB_TOKEN }}"),
        (FLOW, "      # TOKEN: ${{ secrets.FLY_API_TOKEN }}"),
        (FLOW, "      TOKEN: ${{ vars.FLY_ORG }}"),
        ("README.md", "Run `doppler run -- npm start` and `op run -- x`, see op://a/b/c"),
        ("docs/deploy.yml", "  sync: false"),
        ("examples/.infisical.json", '{"workspaceId": "4f2"}'),
        ("tests/keys.py", "hvac.Client()"),
        ("app/keys.py", "# client = hvac.Client(url=URL)"),
        ("app/keys.py", "import boto3\nboto3.client('s3')"),
        ("deploy.sh", "echo 'now type: vault kv get secret/shop'"),
        ("deploy.sh", "# fly secrets set KEY=..."),
        ("deploy.sh", "aws ssm get-parameter --name /shop/colour"),
        ("deploy.sh", "develop run -x\nstop run -- y"),
        (".infisical.json", '{"workspaceId": ""}'),
        ("package.json", '{"dependencies": {"@aws-sdk/client-secrets-manager": "3"}}'),
        ("render.yaml", "        sync: true\n        fromService:\n          property: host"),
        ("compose.yaml", "secrets:\n  key:\n    file: ./key.txt"),
        ("compose.yaml", "secrets: [\n"),
        (".env.example", "DOTENV_VAULT_PRODUCTION=a"),
        ("config/deploy.rb", "Rails.application.credentials.stripe"),
        ("src/form.ts", "const a = secret('x')"),
        ("k8s/key.yaml", "kind: Secret"),
        ("big.sh", "doppler run -- x\n" + "#" * LARGEST),
    ],
)
def test_what_only_looks_like_one(path: str, text: str) -> None:
    assert stores(path, text) == []


def test_rails_counts_where_the_code_reads_what_is_locked() -> None:
    read = "key = Rails.application.credentials.dig(:stripe, :key)"
    locked = {"config/credentials.yml.enc": "q2s=--a--b"}
    assert stores("app/pay.rb", read, **locked) == ["Rails credentials"]
    assert stores("app/pay.rb", "key = 1", **locked) == []


def test_the_first_place_of_each_store_in_a_fixed_order() -> None:
    tree = {
        "b/deploy.yml": "a: 1\nrun: doppler run -- x",
        "deploy.sh": "true\n\ndoppler run -- x",
        ".github/workflows/a.yml": "${{ secrets.A }}",
    }
    found = uses(tree)
    assert found == uses(dict(reversed(tree.items())))
    assert found == (
        Use("Doppler", "deploy.sh", 3),
        Use("GitHub Actions secrets", ".github/workflows/a.yml", 1),
    )


@pytest.mark.parametrize(
    "line",
    ["${{ " * 100_000, "op://" * 90_000, "a " * 240_000, "vercel " + "-a " * 150_000,
     "\n".join(["echo " * 800] * 100)],
)  # fmt: skip
@pytest.mark.parametrize("path", [FLOW, "start.sh", "render.yaml", "app.py"])
def test_hostile_text_takes_no_longer_than_text(path: str, line: str) -> None:
    started = time.process_time()
    uses({path: line[:LARGEST]})
    assert time.process_time() - started < 2
