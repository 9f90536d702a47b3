"""Which service a failure could not reach."""

import re
from collections.abc import Iterable

from assistant.evidence import Cause

_REFUSED = re.compile(
    r"[Cc]onnection refused|ECONNREFUSED|[Cc]an'?t connect to|[Cc]ould not connect|Connect call failed|[Ff]ailed to establish a new connection"
    r"|actively refused|Name or service not known|Temporary failure in name resolution|nodename nor servname|ENOTFOUND|getaddrinfo failed"
    r"|[Nn]o route to host|[Nn]etwork is unreachable|Connection timed out|ETIMEDOUT|ServerSelectionTimeout|NoBrokersAvailable"
    r"|[Cc]annot connect to the Docker daemon|could not translate host name"
)
_WHERE = (
    re.compile(r"[\"']?(?P<host>localhost|[\w-]{1,60}(?:\.[\w-]{1,60}){0,8})[\"']? ?(?:\([^)\n]{0,60}\))?,? port (?P<port>\d{2,5})"),
    re.compile(r"host='(?P<host>[\w.-]{1,200})', port=(?P<port>\d{2,5})"),
    re.compile(r"\('(?P<host>[\w.:-]{1,200})', (?P<port>\d{2,5})"),
    re.compile(r"(?P<host>localhost|[A-Za-z][\w-]{0,60}(?:\.[\w-]{1,60}){0,8}|\d{1,3}(?:\.\d{1,3}){3}|\[?::1\]?):(?P<port>\d{2,5})\b"),
)
_NAMED = re.compile(
    r"(?i)\b(postgres(?:ql)?|mysql|mariadb|redis|mongo(?:db)?|rabbitmq|amqp|kafka|elasticsearch|opensearch|memcached?|docker|etcd|minio|s3|ldap|smtp)\b"
)
_PORTS = {
    "5432": "PostgreSQL", "3306": "MySQL", "6379": "Redis", "27017": "MongoDB", "5672": "RabbitMQ", "9092": "Kafka",
    "9200": "Elasticsearch", "11211": "Memcached", "2379": "etcd", "389": "LDAP", "25": "SMTP",
}  # fmt: skip
_NAMES = {
    "postgres": "PostgreSQL", "postgresql": "PostgreSQL", "psycopg": "PostgreSQL", "psycopg2": "PostgreSQL", "asyncpg": "PostgreSQL",
    "pg8000": "PostgreSQL", "mysql": "MySQL", "mariadb": "MySQL", "pymysql": "MySQL", "mysqldb": "MySQL", "aiomysql": "MySQL",
    "redis": "Redis", "aioredis": "Redis", "mongo": "MongoDB", "mongodb": "MongoDB", "pymongo": "MongoDB", "motor": "MongoDB",
    "rabbitmq": "RabbitMQ", "amqp": "RabbitMQ", "pika": "RabbitMQ", "aio_pika": "RabbitMQ", "kafka": "Kafka", "aiokafka": "Kafka",
    "elasticsearch": "Elasticsearch", "opensearch": "Elasticsearch", "opensearchpy": "Elasticsearch", "memcache": "Memcached",
    "memcached": "Memcached", "docker": "Docker", "etcd": "etcd", "ldap": "LDAP", "smtp": "SMTP", "minio": "MinIO", "s3": "S3",
}  # fmt: skip
"""Names in messages and packages of drivers, and the service that they speak of."""


def unreachable(chain: Iterable[Cause]) -> str:
    """The service that the exceptions of a chain say could not be reached; empty where they say no such thing."""
    causes = list(chain)
    said = "\n".join(f"{one.exception}: {one.message[:1000]}" for one in causes)
    if not _REFUSED.search(said):
        return ""
    packages = [frame.package.lower() for one in causes for frame in one.frames if frame.package]
    packages += [one.exception.split(".")[0].lower() for one in causes] + re.findall(r"\((\w{2,30})\.", said.lower())
    by_driver = next((_NAMES[name] for name in packages if name in _NAMES), "")
    match = next((found for pattern in _WHERE if (found := pattern.search(said))), None)
    if match and match["port"] in _PORTS:
        return _PORTS[match["port"]]
    if by_driver:
        return by_driver
    if match:
        return f"{match['host']}:{match['port']}"
    named = _NAMED.search(said)
    return _NAMES[named[1].lower()] if named else ""
