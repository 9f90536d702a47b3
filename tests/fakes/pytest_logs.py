"""Small logs of pytest, put together from what failed."""

RULE = "=" * 30


def log(*blocks: tuple[str, str], kind: str = "FAILURES") -> str:
    """A log of pytest with failed tests: a test id `file::name` and what stands in its block."""
    titles = [(test.partition("::")[2].replace("::", "."), body) for test, body in blocks]
    told = "\n".join(f"{'_' * 20} {title} {'_' * 20}\n\n{body}" for title, body in titles)
    summary = "\n".join(f"FAILED {test}" for test, _ in blocks)
    return (
        f"{RULE} test session starts {RULE}\nplatform linux -- Python 3.12.1, pytest-8.3.4\n\n{RULE} {kind} {RULE}\n{told}\n"
        f"{RULE} short test summary info {RULE}\n{summary}\n{RULE} {len(blocks)} failed in 1.00s {RULE}\n"
    )


def block(test: str, error: str, *frames: str) -> tuple[str, str]:
    """A failed test whose error was raised in the last of the frames, each `path:line:function`."""
    places = [one.rsplit(":", 2) for one in frames]
    name = error.partition(":")[0]
    lines = [f"{path}:{line}: in {function}\n    work()" for path, line, function in places[:-1]]
    path, line, function = places[-1]
    lines.append(f"    def {function}():\n>       work()\nE       {error}\n\n{path}:{line}: {name}")
    return test, "\n".join(lines)
