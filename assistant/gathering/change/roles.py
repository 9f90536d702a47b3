"""What part a file plays: code, a list of packages, a migration, configuration, data, words for people."""

import re
from enum import StrEnum

from assistant.gathering.change.symbols import is_code
from assistant.gathering.code import is_test
from assistant.gathering.manifests import reader_of
from assistant.gathering.repository import is_private

_WORDS = re.compile(
    r"(?i)(?:^|/)(?:docs?|documentation)/.*\.(?:md|rst|txt|adoc|html)$|\.(?:md|rst|adoc|png|jpe?g|gif|svg|ico|pdf|woff2?)$|(?:^|/)(?:LICENSE|NOTICE|AUTHORS|CODEOWNERS|CHANGELOG|\.gitignore|\.gitattributes|\.editorconfig)[^/]*$"
)
_PACKAGES = re.compile(
    r"(?i)(?:^|/)(?:yarn\.lock|pnpm-lock\.yaml|Gemfile(?:\.lock)?|Cargo\.(?:lock|toml)|go\.sum|composer\.(?:lock|json)|package\.json|pom\.xml|build\.gradle(?:\.kts)?|gradle\.lockfile|mix\.(?:lock|exs)|[\w.-]*requirements[\w.-]*\.(?:lock|txt|in)|[\w.-]{1,40}\.lock)$"
)
_MIGRATION = re.compile(
    r"(?i)(?:^|/)(?:migrations?|alembic/versions|versions|migrate|db/migrate|flyway|liquibase)/[^/]*[0-9a-f]{2,}[^/]*\.(?:py|sql|rb|xml|ya?ml|js|ts)$|(?:^|/)V[0-9][\w.]*__\w+\.sql$"
)
_CI = re.compile(
    r"(?:^|/)\.(?:github|gitlab|circleci)|(?:^|/)(?:Jenkinsfile|\.travis\.yml|azure-pipelines\.yml|\.pre-commit-config\.yaml|\.gitlab-ci\.yml)"
)
_TEST_FILE = re.compile(r"(?:^|/)(?:test_[^/]*|[^/]*(?:_test|\.test|\.spec|_spec|Tests?|IT))\.\w+$")
_RUNNER = re.compile(
    r"(?:^|/)(?:pytest\.ini|tox\.ini|setup\.cfg|(?:jest|vitest|karma|playwright)\.config\.\w{2,4}|\.mocharc\.\w{2,5}|phpunit\.xml(?:\.dist)?|\.rspec)$"
)
_CONFIG = ("toml", "cfg", "ini", "yaml", "yml", "conf", "properties", "env")
_DATA = ("json", "csv", "tsv", "xml", "txt", "j2", "jinja", "jinja2", "html", "tmpl", "mustache", "hbs", "sql", "graphql", "proto", "po")


class Role(StrEnum):
    """What a file is for."""

    CODE = "code"
    PACKAGES = "packages"
    MIGRATION = "migration"
    CONFIG = "config"
    DATA = "data"
    CI = "ci"
    RUNNER = "runner"
    SUPPORT = "support"
    TEST = "test"
    NAMES = "names"
    WORDS = "words"
    OTHER = "other"


def role_of(path: str) -> Role:
    """The part that a file plays, by its path."""
    name = path.rpartition("/")[2]
    ending = name.rpartition(".")[2].lower()
    if is_private(path) or name.startswith(".env"):
        return Role.NAMES
    if is_test(path):
        return Role.TEST if _TEST_FILE.search(path) and is_code(path) else Role.SUPPORT
    for role, fits in (
        (Role.PACKAGES, _PACKAGES),
        (Role.MIGRATION, _MIGRATION),
        (Role.RUNNER, _RUNNER),
        (Role.CI, _CI),
        (Role.WORDS, _WORDS),
    ):
        if fits.search(path) or (role is Role.PACKAGES and reader_of(path) and name not in ("Dockerfile", "pyproject.toml", "setup.cfg")):
            return role
    if is_code(path) and ending != "sql":
        return Role.CODE
    return Role.CONFIG if ending in _CONFIG or "Dockerfile" in name else Role.DATA if ending in _DATA else Role.OTHER
