"""What only this project knows: paths, hosts, users, tests and symbols that no search query may carry out of the house."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from assistant.checking.grounding import FOLDER, PATH, PRODUCT, URL
from assistant.checking.usual import USUAL_FILES
from assistant.evidence import Kind, Ledger

EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
HOST = re.compile(
    r"(?<![\w.-])(?:[\w-]{1,63}\.){1,8}(internal|local|lan|corp|intra|intranet|private|svc|home|test|com|org|net|io|dev|cloud)(?![\w-]|\.\w)",
    re.I,
)
SURE_HOST = frozenset(["internal", "lan", "corp", "intra", "intranet", "com", "org"])
"""Ends of host names that no module has; `django.test`, `threading.local` and `socket.io` are none."""
ADDRESS = re.compile(r"(?<![\w.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w.])")
URL_HOST = re.compile(r"://(?:([\w.-]{1,64})(?::[^\s@/]{0,100})?@)?([\w.-]{1,255})")
HOME = re.compile(r"(?:/home/|/Users/|[A-Za-z]:[/\\]Users[/\\])([\w.-]{2,64})")
TEST_ID = re.compile(r"[\w./\\-]{0,200}::[\w\[\]-]{1,200}")
TEST_NAME = re.compile(r"(?<!\w)(?:test_\w{3,100}|Test[A-Z]\w{2,100})")
DEFINED = re.compile(r"^[ \t]*(?:async\s+)?(?:def|class|func|fn|function|interface|struct)\s+([A-Za-z_]\w{2,100})", re.M)
LIBRARY = re.compile(
    r"site-packages|dist-packages|node_modules|[/\\]Lib[/\\]|/lib/python[0-9]|<frozen|\.venv/|/vendor/|/go/pkg/|\.cargo/|\.m2/|\.jar"
)
FRAME = re.compile(r"^[ \t]*(?:File \")?([\w.@~+/\\:-]{1,300}\.\w{1,6})(?:\", line |:)[0-9]{1,7}(?:, in |: in )([\w.<>]{1,100})\s*$", re.M)
MODULE = re.compile(r"(?<![\w.])[A-Za-z_]\w{0,100}(?:\.[A-Za-z_]\w{0,100}){1,10}")
WORD = re.compile(r"[A-Za-z_]\w{2,100}")
DISTINCTIVE = re.compile(r"[A-Za-z0-9]_+[A-Za-z0-9]|[a-z0-9][A-Z]")
HOOK = re.compile(r"__\w+__|pytest_\w+|setUp\w*|tearDown\w*|setup_\w+|teardown_\w+|on_\w+")
FILE = re.compile(r"(?<![\w.@~+/\\-])[\w.@~+/\\-]{1,300}\.\w{1,8}")
MESSAGE = re.compile(r"E\s{2,}|[\w.]{1,100}(?:Error|Exception|Warning)\b")
USUAL_TEST_NAMES = frozenset({"TestClient", "TestCase", "TestResponse", "TestServer", "TestSuite", "test_client", "test_request_context"})
USUAL_USERS = frozenset(
    [
        "root",
        "user",
        "users",
        "app",
        "admin",
        "postgres",
        "mysql",
        "runner",
        "ubuntu",
        "debian",
        "circleci",
        "jenkins",
        "vscode",
        "node",
        "python",
        "test",
        "docker",
        "work",
    ]
)
USUAL_HOSTS = frozenset(
    [
        "localhost",
        "db",
        "database",
        "redis",
        "postgres",
        "postgresql",
        "mysql",
        "mongo",
        "rabbitmq",
        "web",
        "api",
        "app",
        "cache",
        "broker",
        "127.0.0.1",
        "0.0.0.0",
    ]
)


@dataclass(frozen=True)
class Private:
    """What of one export's evidence belongs to the project alone."""

    ledger: Ledger

    def parts(self, query: str) -> Iterator[tuple[str, str]]:
        """What of a search query nobody outside may see.

        Yields:
            (what, text): the kind of thing, as in `a path`, and the text.
        """
        text = URL.sub(" ", query.replace("`", " "))
        yield from (("an e-mail address", found) for found in EMAIL.findall(text))
        yield from (("a test id", found) for found in TEST_ID.findall(text) if _is_test_id(found))
        yield from (("a path", path) for path in self._paths(text))
        bare = PATH.sub(" ", EMAIL.sub(" ", text))
        yield from (("a host", found[0]) for found in HOST.finditer(bare) if _is_host(found[0], found[1]))
        yield from (("a host", found) for found in ADDRESS.findall(bare) if found not in USUAL_HOSTS)
        words = dict.fromkeys(word.rstrip(".") for word in re.findall(r"[\w.-]+", bare))
        yield from (("a user", word) for word in words if word in self.users)
        yield from (("a host", word) for word in words if word in self.hosts)
        yield from (("a module of this project", name) for name in MODULE.findall(bare) if self._is_own_module(name))
        yield from (("a name of this project", name) for name in dict.fromkeys(WORD.findall(bare)) if name in self.names)

    @cached_property
    def names(self) -> frozenset[str]:
        """Distinctive symbols that our code defines or our frames and tests are called, and that no library's text has."""
        ours: set[str] = set()
        ran: set[str] = set()
        shared: set[str] = set()
        messages: set[str] = set()
        for piece in self.ledger:
            if piece.kind is Kind.CODE and not LIBRARY.search(piece.origin.path):
                ours.update(DEFINED.findall(piece.text))
            elif piece.kind in (Kind.ERROR, Kind.LOG):
                ran |= _names_that_ran(piece.text)
                shared |= _words_of_libraries(piece.text)
                messages |= {word for line in piece.text.split("\n") if MESSAGE.match(line) for word in WORD.findall(line)}
            elif piece.kind in (Kind.NOTE, Kind.ENVIRONMENT) and not piece.origin.path.startswith("test names"):
                shared.update(WORD.findall(piece.text))
        tests = {name for piece in self.ledger for name in TEST_NAME.findall(f"{piece.origin}\n{piece.text}")} - self._imported
        names = ((ours - messages) | ran | tests) - shared
        return frozenset(name for name in names if DISTINCTIVE.search(name) and not HOOK.fullmatch(name))

    @cached_property
    def users(self) -> frozenset[str]:
        """People's and accounts' names in home folders and addresses."""
        text = "\n".join(f"{piece.origin}\n{piece.text}" for piece in self.ledger)
        found = {user for user, _ in URL_HOST.findall(text)} | set(HOME.findall(text))
        return frozenset(user for user in found if user and user.lower() not in USUAL_USERS)

    @cached_property
    def hosts(self) -> frozenset[str]:
        """Hosts of addresses that are no plain word: `ci-17`, `db.prod.acme.com`."""
        found = {host.rstrip(".") for piece in self.ledger for _, host in URL_HOST.findall(piece.text)}
        return frozenset(host for host in found if re.search(r"[.\-0-9]", host)) - USUAL_HOSTS

    @cached_property
    def _own_paths(self) -> frozenset[str]:
        """The files that the evidence names outside of libraries."""
        named = [piece.origin.path for piece in self.ledger]
        named += [path for piece in self.ledger for path in FILE.findall(piece.text) if "/" in path or "\\" in path]
        return frozenset(path.replace("\\", "/") for path in named if not LIBRARY.search(path))

    @cached_property
    def _own_files(self) -> frozenset[str]:
        return frozenset(path.rpartition("/")[2] for path in self._own_paths)

    @cached_property
    def _own_modules(self) -> frozenset[str]:
        paths = (path.removeprefix("./").removeprefix("src/") for path in self._own_paths if path.endswith(".py") and path[0] not in "/~")
        return frozenset(path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in paths)

    def _is_own_module(self, name: str) -> bool:
        parts = name.split(".")
        return any(".".join(parts[:count]) in self._own_modules for count in range(2, len(parts) + 1))

    @cached_property
    def _imported(self) -> frozenset[str]:
        """Names like `TestClient` that our code takes from elsewhere."""
        lines = [line for piece in self.ledger for line in re.findall(r"^[ \t>]*(?:from \S+ )?import .{1,300}$", piece.text, re.M)]
        return USUAL_TEST_NAMES | {name for line in lines for name in WORD.findall(line)}

    def _paths(self, text: str) -> Iterator[str]:
        for found in PATH.finditer(text):
            path = found[1].replace("\\", "/")
            if not PRODUCT.fullmatch(path) and path not in USUAL_FILES and ("/" in path or path in self._own_files):
                yield found[1]
        yield from (folder for folder in FOLDER.findall(text) if not PATH.search(folder))


def _names_that_ran(text: str) -> set[str]:
    return {part for path, name in FRAME.findall(text) if not LIBRARY.search(path) for part in name.split(".") if part.isidentifier()}


def _words_of_libraries(text: str) -> set[str]:
    """Words of the frames of libraries and of the code that stands below them."""
    found: set[str] = set()
    in_library = False
    for line in text.split("\n"):
        if frame := FRAME.match(line):
            in_library = bool(LIBRARY.search(frame[1]))
        elif not line.startswith(" "):
            in_library = False
        if in_library:
            found.update(WORD.findall(line))
    return found


def _is_host(text: str, end: str) -> bool:
    return end.lower() in SURE_HOST or text.count(".") > 1 or bool(re.search(r"[-0-9]", text))


def _is_test_id(text: str) -> bool:
    left, _, right = text.partition("::")
    return "/" in left or left.endswith(".py") or right.startswith(("test", "Test"))
