"""Paths that mean the same in every project or on every machine: who proposes a command may name them without evidence."""

import re

USUAL_FILES = frozenset(
    [
        "__init__.py",
        "__main__.py",
        "conftest.py",
        "env.py",
        "manage.py",
        "noxfile.py",
        "setup.py",
        "alembic.ini",
        "mypy.ini",
        "pytest.ini",
        "setup.cfg",
        "tox.ini",
        "pyproject.toml",
        "Pipfile.lock",
        "constraints.txt",
        "requirements.txt",
        "poetry.lock",
        "uv.lock",
        "pdm.lock",
        "environment.yml",
        "docker-compose.yml",
        "docker-compose.yaml",
        "compose.yml",
        "compose.yaml",
        "docker-compose.override.yml",
        ".env",
        "package.json",
        "package-lock.json",
        "tsconfig.json",
        "yarn.lock",
        "pnpm-lock.yaml",
        "jest.config.js",
        "go.mod",
        "go.sum",
        "Cargo.toml",
        "Cargo.lock",
        "pom.xml",
        "build.gradle",
        "build.gradle.kts",
        "settings.gradle",
        "Gemfile.lock",
        "composer.json",
        "composer.lock",
        "application.properties",
        "application.yml",
        "application.yaml",
    ]
)
"""What tools look for by that very name, mostly at the top of a project."""
INTERPRETER = re.compile(r"(?:\.venv|venv)/(?:bin|Scripts)/[\w.+-]{1,40}")
REQUIREMENTS = re.compile(r"(?:requirements|constraints)[-_.][\w-]{1,30}\.(?:txt|in)")
SYSTEM_PATH = re.compile(
    r"/(?:dev|proc|sys|tmp|var/tmp|run|var/run)(?:/.*)?"
    r"|/(?:usr/(?:local/)?)?s?bin/[\w.+-]{0,80}"
    r"|/etc/(?:hosts|resolv\.conf|os-release|nsswitch\.conf|passwd|group|environment|timezone|localtime|fstab|ssl/certs(?:/.*)?)"
)
"""Devices, scratch folders, what the kernel shows, programs, and the files that every system has."""
MADE = re.compile(r"(?:(?<!-)>{1,2}|\btee(?: -a)?)\s?[\"']?([\w-][\w.-]{0,80})")


def is_usual(path: str) -> bool:
    """Whether a path is a system's own, or a conventional name at the top of a project; one below a folder is neither."""
    plain = path.removeprefix("./")
    conventional = plain in USUAL_FILES or REQUIREMENTS.fullmatch(plain) or INTERPRETER.fullmatch(plain)
    return bool(conventional or SYSTEM_PATH.fullmatch(path)) and ".." not in path


def folder_of_usual(path: str) -> str:
    """The folder of a conventional file, as `/app` of `/app/setup.py`; empty for any other path."""
    folder, _, name = path.rpartition("/")
    return folder if is_usual(name) and ".." not in path else ""


def files_made(command: str) -> frozenset[str]:
    """The files that a command writes itself, as in `cat > repro.py`; only bare names, which claim no place."""
    return frozenset(MADE.findall(command))
