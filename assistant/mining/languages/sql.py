"""Other databases: MySQL and MariaDB, SQLite, SQL Server, Oracle."""

from collections.abc import Iterator

from assistant.evidence import Failure
from assistant.mining.languages.rules import Rule, find_by_rules
from assistant.mining.lines import Log, Taken
from assistant.mining.patterns import Lazy

RULES = (
    Rule(
        ("ERROR ",),
        Lazy(
            r"(?:mysql: |mysqldump: )?ERROR (?P<code>\d{4}) \(\w{5}\)(?: at line \d{1,9}(?: in file: '.{1,300}')?)?: (?P<message>.{1,1000})"
            r"$"
        ),
        "mysql",
    ),
    Rule(("[ERROR] ",), Lazy(r".{0,80}?\[ERROR\] \[(?P<code>MY-\d{6})\] \[\w{1,20}\] (?P<message>.{1,1000})$"), ""),
    Rule(
        ("near line ",),
        Lazy(r"(?:Parse |Runtime )?[Ee]rror(?: near line \d{1,9}|: near line \d{1,9}): (?P<message>.{1,500})$"),
        "sqlite",
        Lazy(r"  \S| {1,200}\^--- error here"),
    ),
    Rule((", Level ",), Lazy(r"Msg (?P<code>\d{1,6}), Level \d{1,2}, State \d{1,3}.{0,300}$"), "mssql", Lazy(r"(?!Msg |\(\d).{1,1000}")),
    Rule(
        ("ORA-", "PLS-", "TNS-"),
        Lazy(r".{0,100}?(?P<message>(?P<code>(?:ORA|PLS|TNS)-\d{5}): .{1,500})$"),
        "",
        Lazy(r"(?:ORA|PLS|TNS)-\d{5}: "),
    ),
    Rule(
        ("MISCONF ", "OOM command not allowed", "NOAUTH ", "WRONGPASS "),
        Lazy(r"(?!.{0,100}?Error\b).{0,100}?\b(?P<code>MISCONF|OOM|NOAUTH|WRONGPASS) (?P<message>[A-Za-z].{1,500})$"),
        "redis",
    ),
)


def find_sql(log: Log, taken: Taken) -> Iterator[Failure]:
    """What the clients and servers of other databases complain of."""
    return find_by_rules(log, taken, "sql", RULES)
