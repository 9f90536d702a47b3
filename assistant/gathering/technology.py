"""Databases, brokers and the like: how images, drivers and messages name them."""

import re
from functools import lru_cache

from assistant.evidence import Failure, skimmed

TECHNOLOGIES: dict[str, tuple[str, str]] = {
    "postgresql": ("PostgreSQL", r"postgres|postgis|pgvector|timescale|psycopg|asyncpg|pg8000|pgbouncer|\bpg_"),
    "mysql": ("MySQL", r"mysql|pymysql|aiomysql|asyncmy"),
    "mariadb": ("MariaDB", r"mariadb"),
    "sqlite": ("SQLite", r"sqlite"),
    "mongodb": ("MongoDB", r"mongo|motor"),
    "mssql": ("SQL Server", r"mssql|pyodbc|pymssql"),
    "oracle": ("Oracle Database", r"oracledb|cx_oracle|\bORA-[0-9]{5}"),
    "redis": ("Redis", r"\bredis|valkey"),
    "rabbitmq": ("RabbitMQ", r"rabbitmq|\bamqp|\bpika\b"),
    "kafka": ("Kafka", r"kafka|redpanda"),
    "elasticsearch": ("Elasticsearch", r"elasticsearch|opensearch"),
    "memcached": ("Memcached", r"memcache"),
}
DATABASES = ("postgresql", "mysql", "mariadb", "sqlite", "mongodb", "mssql", "oracle")
DRIVERS = {
    "asyncpg": "postgresql", "psycopg": "postgresql", "psycopg2": "postgresql", "psycopg2-binary": "postgresql", "psycopg-binary": "postgresql",
    "pg8000": "postgresql", "mysqlclient": "mysql", "pymysql": "mysql", "aiomysql": "mysql", "asyncmy": "mysql",
    "mysql-connector-python": "mysql", "mariadb": "mariadb", "aiosqlite": "sqlite", "pymongo": "mongodb", "motor": "mongodb",
    "pyodbc": "mssql", "pymssql": "mssql", "oracledb": "oracle", "cx-oracle": "oracle",
}  # fmt: skip
_ANY = re.compile("|".join(f"(?P<{name}>{pattern})" for name, (_, pattern) in TECHNOLOGIES.items()), re.IGNORECASE)
_TOOL = re.compile(r"exporter|express|admin|operator|backup|dashboard|-ui\b")
_VERSION = re.compile(r":v?([0-9]+(?:\.[0-9]+){0,3})(?![0-9.])")


def label(technology: str) -> str:
    """How a technology is written in a sentence."""
    return TECHNOLOGIES[technology][0]


def technology_of(image: str) -> str:
    """What an image or service name stands for, as in `postgresql`; empty where it is none we know."""
    name = image.rpartition("/")[2].partition(":")[0]
    found = None if _TOOL.search(name) else _ANY.search(name)
    return (found.lastgroup or "") if found else ""


def image_version(image: str) -> str:
    """The version in an image's tag, as in `15` of `postgres:15-alpine`; empty where the tag gives none."""
    found = _VERSION.search(image)
    return found[1] if found else ""


@lru_cache(maxsize=16)
def technologies_in(text: str) -> frozenset[str]:
    """All technologies that a text names."""
    return frozenset(found.lastgroup for found in _ANY.finditer(skimmed(text)) if found.lastgroup)


def technologies(failure: Failure) -> frozenset[str]:
    """What the failure itself names: by exception, message, driver frames; by its whole text where it has no frames."""
    parts = [failure.exception, failure.message]
    frames = list(failure.frames)
    for cause in failure.chain:
        parts += [cause.exception, cause.message]
        frames += cause.frames
    parts += [f"{frame.package} {frame.path}" for frame in frames if not frame.ours]
    if not frames:
        parts.append(failure.text)
    return technologies_in("\n".join(parts))
