"""PostgreSQL: what the server logs and what its programs print, each error with its details; SQLSTATE as the server's own key."""

from collections.abc import Iterator
from itertools import islice

from assistant.evidence import Cause, Failure
from assistant.mining.lines import Log, Taken
from assistant.mining.patterns import Lazy

SEVERITIES = ("ERROR:  ", "FATAL:  ", "PANIC:  ")
PROGRAMS = ("psql:", "pg_", "createdb:", "dropdb:", "createuser:", "initdb:", "vacuumdb:", "pgbench:")
_SAYS = Lazy(
    r"(?!.{0,250}?\w(?:Error|Exception)\b.{0,250}?(?:ERROR|FATAL|PANIC):  ).{0,250}?\b(?:ERROR"
    r"|FATAL|PANIC):  (?:(?P<state>[0-9A-Z]{5}): )?(?P<message>\S.{0,3000})$"
)
_PROGRAM = Lazy(
    r"(?:psql|pg_dump|pg_restore|pg_dumpall|createdb|dropdb|createuser|pg_isready|pg_ctl|initdb"
    r"|vacuumdb|pgbench|pg_basebackup)(?::\S{1,300}:\d{1,9})?: (?:error|fatal|FATAL): (?P<message>.{1,3000})$"
)
_MORE = Lazy(
    r".{0,250}?\b(?:DETAIL|HINT|STATEMENT|CONTEXT|QUERY|LOCATION|NOTICE):  |\t|LINE \d{1,9}: "
    r"| {1,200}\^\s*$|(?:DETAIL|HINT|CONTEXT): "
)
_EXCEPTION = Lazy(r".{0,300}?\w(?:Error|Exception|Violation|NotExist)\b")
MOST_LINES = 60
LOOKED_AT, MOST_SAID = 80, 20

STATES = (
    (r"password authentication failed|peer authentication failed|Ident authentication failed", "28P01"),
    (r"no pg_hba\.conf entry|role \".{1,100}\" does not exist|no password supplied|is not permitted to log in", "28000"),
    (r"database \".{1,100}\" does not exist", "3D000"),
    (r"schema \".{1,100}\" does not exist", "3F000"),
    (r"relation \".{1,200}\" does not exist|missing FROM-clause", "42P01"),
    (r"relation \".{1,200}\" already exists", "42P07"),
    (r"column .{1,200} does not exist", "42703"),
    (r"(?:function|operator|aggregate) .{1,300} does not exist|operator does not exist|No function matches", "42883"),
    (r"type \".{1,200}\" already exists|constraint \".{1,200}\" for relation .{1,200} already exists", "42710"),
    (r"type \".{1,200}\" does not exist|extension \".{1,100}\" is not available", "42704"),
    (r"duplicate key value violates unique constraint", "23505"),
    (r"violates foreign key constraint", "23503"),
    (r"violates not-null constraint", "23502"),
    (r"violates check constraint", "23514"),
    (r"violates exclusion constraint", "23P01"),
    (r"value too long for type", "22001"),
    (r"invalid input syntax|invalid input value for enum|malformed array literal", "22P02"),
    (r"division by zero", "22012"),
    (r"deadlock detected", "40P01"),
    (r"could not serialize access", "40001"),
    (r"current transaction is aborted", "25P02"),
    (r"canceling statement due to lock timeout", "55P03"),
    (r"canceling statement due to|canceling autovacuum", "57014"),
    (r"syntax error at", "42601"),
    (r"permission denied for|must be (?:owner|superuser)", "42501"),
    (r"too many (?:clients|connections)|remaining connection slots are reserved", "53300"),
    (r"the database system is (?:starting up|shutting down|in recovery)", "57P03"),
    (r"terminating connection due to administrator command", "57P01"),
    (r"could not (?:extend|write|fsync) .{1,300}No space left on device", "53100"),
    (r"out of (?:shared )?memory", "53200"),
    (r"database files are incompatible with server", "XX000"),
    (r"[Cc]onnection refused|could not connect to server|could not translate host name|server closed the connection", "08006"),
)
"""The SQLSTATE of messages whose writer left it out, by their English wording."""

_WORDED = Lazy("|".join(f"(?P<s{number}>{wording})" for number, (wording, _) in enumerate(STATES)))


def find_postgresql(log: Log, taken: Taken) -> Iterator[Failure]:
    """The errors of PostgreSQL's server and programs."""
    raised: dict[str, bool] = {}
    for index in sorted({at for mark in (*SEVERITIES, *PROGRAMS) for at in log.holding(mark)}):
        line = log.bare[index]
        match = _PROGRAM.match(line) or _SAYS.match(line)
        if index in taken or match is None:
            continue
        end = index + 1
        while end < min(len(log), index + MOST_LINES) and end not in taken and _MORE.match(log.bare[end]):
            end += 1
        found = match.groupdict()
        message = found["message"].strip()
        inner = _SAYS.match(message)
        message = inner.group("message").strip() if inner else message
        if message not in raised:
            raised[message] = _raised(log, message)
        if raised[message]:
            continue
        taken.take(index, end)
        yield log.failure((index, end), (Cause(found.get("state") or sqlstate(message), message),), language="postgresql")


def _raised(log: Log, message: str) -> bool:
    """Whether the exception of a client tells the same: then it is the failure, with the code that led to it."""
    said = message[:LOOKED_AT]
    return any(_EXCEPTION.match(log.bare[index][: log.bare[index].find(said)]) for index in islice(log.holding(said), MOST_SAID))


def sqlstate(message: str) -> str:
    """The SQLSTATE of a message by its wording; empty where it is not known."""
    match = _WORDED.search(message[:1000])
    return STATES[int(match.lastgroup[1:])][1] if match and match.lastgroup else ""
