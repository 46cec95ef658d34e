"""Which stores for secrets a repository's own files put to use: `secrets.kept`.

A sign counts only where something is told to read from the store, in a file that is part of the
product: no comment, no document, no example. Nothing found proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from launchready_tui.rules.code.config_text import (
    aside,
    at,
    base_of,
    depth,
    line_of,
    lines,
    mapping,
    read_yaml,
)

LARGEST = 500_000  # characters of a file that is read
MOST = 20  # stores that are told

Fits = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Use:
    """A store by its name, and the first place (line from 1) where it is put to use."""

    store: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class _Sign:
    """A store, the files in which it may show, and what such a line holds."""

    store: str
    fits: Fits
    line: re.Pattern[str]
    command: bool = False  # a line that prints the command runs nothing


_YAML = (".yml", ".yaml")
_CODE = (".js", ".ts", ".mjs", ".cjs", ".mts", ".jsx", ".tsx", ".py", ".rb", ".go", ".java", ".kt",
         ".php", ".cs", ".rs", ".ex", ".exs")  # fmt: skip
_SHELL = (".sh", ".bash", ".zsh", ".mk", ".ps1")
_RUN_NAMES = ("makefile", "justfile", "procfile", "dockerfile", "jenkinsfile", "package.json",
              "taskfile.yml", "turbo.json")  # fmt: skip
_STATED = (*_YAML, ".json", ".toml", ".tf", ".hcl")


def _is_actions(path: str) -> bool:
    return path.startswith((".github/workflows/", ".github/actions/")) and path.endswith(_YAML)


def _is_gitlab(path: str) -> bool:
    return base_of(path).lower() in (".gitlab-ci.yml", ".gitlab-ci.yaml")


def _is_yaml(path: str) -> bool:
    return path.endswith(_YAML)


def _is_code(path: str) -> bool:
    return path.endswith(_CODE)


def _is_stated(path: str) -> bool:
    """A file that states how something is set up."""
    return path.endswith(_STATED) and base_of(path) not in ("package-lock.json", "composer.lock")


def _runs(path: str) -> bool:
    """A file whose lines are commands, or hold some."""
    name = base_of(path).lower()
    return (
        name.endswith((*_SHELL, *_YAML, ".toml"))
        or name.startswith(("dockerfile", "procfile", "makefile"))
        or name in _RUN_NAMES
    )


def _is_settings(path: str) -> bool:
    """A file of settings that git keeps."""
    return base_of(path).startswith(".env") or base_of(path).endswith(".env") or _runs(path)


def _named(*names: str) -> Fits:
    return lambda path: base_of(path).lower() in names


def _run(store: str, words: str) -> _Sign:
    """A command at the start of a line, of a quoted text, or after another command."""
    line = re.compile(rf"(?:^|[\s\"'`;&|(=\[])(?:\S{{1,60}}/)?(?:{words})(?![\w-])")
    return _Sign(store, _runs, line, command=True)


_RAILS = "Rails credentials"
_AMPLIFY = "@aws-amplify/backend"
_VERCEL = r"vercel\s+(?:--?[\w-]+(?:=\S+)?\s+){0,4}(?:pull|env\s+(?:pull|add|run))"
_SIGNS = (
    _Sign("GitHub Actions secrets", _is_actions, re.compile(
        r"\$\{\{[^{}\n]{0,300}?\bsecrets\s*(?:\.\s*(?!GITHUB_TOKEN\b)[A-Za-z_]"
        r"|\[\s*'(?!GITHUB_TOKEN')[A-Za-z_])|^\s*secrets:\s*inherit\s*$")),
    _Sign("a secret manager that GitLab reads", _is_gitlab, re.compile(
        r"^\s+(?:vault|gcp_secret_manager|azure_key_vault|aws_secrets_manager|gitlab_secrets_manager)"
        r":")),
    _Sign("Doppler", _named("doppler.yaml", "doppler.yml", ".doppler.yaml"), re.compile(
        r"^\s*-?\s*project:\s*\S")),
    _run("Doppler", r"doppler\s+(?:run|secrets\s+(?:download|get))"),
    _Sign("Doppler", _is_actions, re.compile(r"\buses:\s*[\"']?dopplerhq/")),
    _Sign("Infisical", _named(".infisical.json"), re.compile(r"\"workspaceId\"\s*:\s*\"[^\"]")),
    _run("Infisical", r"infisical\s+(?:run|export|secrets\s+get)"),
    _Sign("Infisical", _is_actions, re.compile(r"\buses:\s*[\"']?Infisical/secrets-action")),
    _Sign("1Password", _is_settings, re.compile(
        r"(?<![\w/])op://[\w .${}()-]{1,100}/[\w .${}()-]{1,100}/[\w.${}()-]")),
    _run("1Password", r"op\s+(?:run|inject)(?=\s+-)"),
    _Sign("1Password", _is_actions, re.compile(r"\buses:\s*[\"']?1password/load-secrets-action")),
    _run("Bitwarden", r"bws\s+(?:run|secret\s+get)"),
    _Sign("Bitwarden", _is_actions, re.compile(r"\buses:\s*[\"']?bitwarden/sm-action")),
    _run("Vault", r"vault\s+(?:kv\s+get|read)"),
    _Sign("Vault", _is_actions, re.compile(r"\buses:\s*[\"']?hashicorp/vault-action")),
    _Sign("Vault", _is_yaml, re.compile(
        r"^\s*[\"']?vault\.hashicorp\.com/agent-inject[\"']?:\s*[\"']?true")),
    _Sign("Vault", _is_code, re.compile(
        r"\bhvac\.(?:Async)?Client\(|\b(?:require\(|from\s+)['\"]node-vault['\"]")),
    _Sign("AWS Secrets Manager", _is_stated, re.compile(
        r"\barn:aws[\w-]{0,8}:secretsmanager:[^:\s]{0,60}:[^:\s]{0,60}:secret:"
        r"|\{\{resolve:secretsmanager:|\bdata\s+\"aws_secretsmanager_secret_version\"")),
    _run("AWS Secrets Manager", r"aws\s+secretsmanager\s+get-secret-value"),
    _Sign("AWS Secrets Manager", _is_code, re.compile(
        r"\bnew\s+SecretsManagerClient\(|\bclient\(\s*(?:service_name\s*=\s*)?['\"]secretsmanager['\"]"
        r"|\bAws::SecretsManager::Client\.new|\bsecretsmanager\.NewFromConfig\(")),
    _Sign("AWS Parameter Store", _is_stated, re.compile(
        r"\bvalueFrom[\"']?\s*[:=]\s*[\"']?arn:aws[\w-]{0,8}:ssm:|\{\{resolve:ssm-secure:")),
    _Sign("AWS Parameter Store", _runs, re.compile(
        r"\baws\s+ssm\s+get-parameters?\b[^\n]{0,300}--with-decryption\b")),
    _Sign("AWS Parameter Store", _is_code, re.compile(
        r"\bWithDecryption\s*[=:]\s*(?:[Tt]rue|aws\.Bool\(true\))")),
    _Sign("Google Secret Manager", _is_code, re.compile(
        r"\bSecretManagerServiceClient\(|\bdefineSecret\(\s*['\"]|\bsecretmanager\.NewClient\(")),
    _run("Google Secret Manager", r"gcloud\s+(?:beta\s+)?secrets\s+versions\s+access"),
    _Sign("Google Secret Manager", _runs, re.compile(
        r"(?:^|\s)--(?:set|update)-secrets[= ]"
        r"|\buses:\s*[\"']?google-github-actions/get-secretmanager-secrets"
        r"|\bversionName:\s*[\"']?projects/[^/\s]{1,80}/secrets/")),
    _Sign("Google Secret Manager", _named("apphosting.yaml"), re.compile(r"^\s+secret:\s*\S")),
    _Sign("Azure Key Vault", _is_code, re.compile(
        r"\bfrom\s+azure\.keyvault\.secrets\b|['\"]@azure/keyvault-secrets['\"]"
        r"|\bAddAzureKeyVault\(")),
    _Sign("Azure Key Vault", _is_stated, re.compile(
        r"@Microsoft\.KeyVault\(|^\s*-?\s*task:\s*AzureKeyVault@")),
    _run("Azure Key Vault", r"az\s+keyvault\s+secret\s+show"),
    _Sign("SOPS", _named(".sops.yaml", ".sops.yml"), re.compile(r"^creation_rules:")),
    _Sign("SOPS", _is_stated, re.compile(r":\s*[\"']?ENC\[AES256_GCM,data:")),
    _Sign("dotenv vault", _named(".env.vault"), re.compile(r"^DOTENV_VAULT\w*=\"?[^\s\"]")),
    _Sign("dotenvx", _is_settings, re.compile(r"^\w+=[\"']?encrypted:[\w+/]")),
    _Sign(_RAILS, _is_code, re.compile(r"\bRails\.application\.credentials\b")),
    _Sign(_RAILS, _is_yaml, re.compile(r"<%=\s*Rails\.application\.credentials\b")),
    _Sign("sealed secrets in Kubernetes", _is_yaml, re.compile(r"^kind:\s*SealedSecret\s*$")),
    _Sign("External Secrets in Kubernetes", _is_yaml, re.compile(
        r"^kind:\s*(?:Cluster)?ExternalSecret\s*$|^kind:\s*SecretProviderClass\s*$")),
    _run("Fly.io secrets", r"fly(?:ctl)?\s+secrets\s+(?:set|import)"),
    _Sign("Render's settings", _named("render.yaml", "render.yml"), re.compile(
        r"^\s+(?:-\s+)?(?:sync:\s*false|generateValue:\s*true|envVarKey:\s*\S+"
        r"|property:\s*connectionString)\s*(?:$|\})")),
    _run("Railway's settings", r"railway\s+run"),
    _run("Vercel's settings", _VERCEL),
    _run("Netlify's settings", r"(?:netlify|ntl)\s+env:(?:get|set|import|list)"),
    _run("Heroku's settings", r"heroku\s+config:(?:set|get)"),
    _Sign("DigitalOcean's settings", _named("app.yaml", "app.yml"), re.compile(
        r"^\s+(?:-\s+)?type:\s*[\"']?SECRET\b")),
    _run("Cloudflare secrets", r"wrangler\s+(?:(?:pages|versions)\s+)?secret\s+(?:put|bulk)"),
    _Sign("Cloudflare secrets", _named("wrangler.toml", "wrangler.json", "wrangler.jsonc"),
          re.compile(r"^\s*\[\[(?:env\.[\w-]+\.)?secrets_store_secrets\]\]"
                     r"|^\s*\"secrets_store_secrets\"\s*:")),
    _Sign("Amplify secrets", _is_code, re.compile(r"[=:]\s*secret\(\s*['\"]\w")),
)  # fmt: skip
# Code without any of these holds no sign: there is much of it, and a look at each line is slow.
_HINTS = ("hvac", "node-vault", "ecretsManager", "secretsmanager", "WithDecryption",
          "SecretManager", "defineSecret", "keyvault", "KeyVault", "application.credentials",
          _AMPLIFY)  # fmt: skip
_REMARK = re.compile(r"^\s*(?:#|//|\*|/\*|<!--).*$|(?<=\s)(?:#|//)\s.*$")
_SPOKEN = re.compile(r"\b(?:echo|printf|print|puts|console\.\w+)\b[^|;&]*$")
_CREDENTIALS = re.compile(r"(?:.*/)?config/credentials(?:/[\w-]+)?\.yml\.enc")


def uses(tree: Mapping[str, str]) -> tuple[Use, ...]:
    """The stores that the files of a repository (path to text) put to use, each once."""
    found: dict[str, Use] = {}
    sealed = any(_CREDENTIALS.fullmatch(path) for path in tree)
    for path in sorted(tree, key=lambda one: (depth(one), one)):
        if len(found) >= MOST:
            break
        if aside(path):
            continue
        signs = [
            sign
            for sign in _SIGNS
            if sign.store not in found and sign.fits(path) and (sealed or sign.store != _RAILS)
        ]
        text = tree[path] if signs else ""
        if len(text) > LARGEST or (_is_code(path) and not any(hint in text for hint in _HINTS)):
            continue
        for use in (*_in_file(path, text, signs), *_in_compose(path, text)):
            found.setdefault(use.store, use)
    return tuple(found.values())


def _in_file(path: str, text: str, signs: Iterable[_Sign]) -> Iterator[Use]:
    left = [sign for sign in signs if sign.store != "Amplify secrets" or _AMPLIFY in text]
    for number, line in enumerate(lines(text), 1):
        bare = _REMARK.sub("", line)
        for sign in left:
            match = sign.line.search(bare)
            if match and not (sign.command and _SPOKEN.search(bare[: match.start() + 1])):
                yield Use(sign.store, path, number)
                left = [one for one in left if one.store != sign.store]
        if not left:
            return


def _in_compose(path: str, text: str) -> Iterator[Use]:
    """Secrets that Docker keeps itself (`external`). Others are files or settings beside it."""
    name = base_of(path).lower()
    if not (name.startswith(("docker-compose", "compose")) and name.endswith(_YAML)):
        return
    for secret in mapping(at(read_yaml(text), "secrets")).values():
        if at(secret, "external") == "true" or mapping(at(secret, "external")):
            yield Use("Docker secrets", path, line_of(text, "external:"))
            return
