"""Reports of tests with many failures of few causes, made from small pieces."""

from pathlib import Path
from xml.sax.saxutils import quoteattr

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<testsuites><testsuite name="pytest" errors="0" failures="{count}" tests="{count}">\n'
TRACE = """def {test}():
&gt;       {module}.run({number})

tests/test_{module}.py:{line}:
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _
shop/{module}.py:{at}: in run
    return check(value)
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _

    def check(value):
&gt;       raise {kind}("{message}")
E       {kind}: {message}

shop/{module}.py:{place}: {kind}"""
MODULES = ("basket", "invoice", "mailing", "stock", "refund", "search", "import_", "export", "login", "audit", "price", "route")
KINDS = ("ValueError", "RuntimeError", "LookupError", "OSError", "ArithmeticError")


def failure(cause: int, number: int) -> str:
    """One failed test as pytest writes it.

    Args:
        cause: which cause it has; failures of one cause are alike but for numbers.
        number: makes it a test of its own.
    """
    module, kind = f"{MODULES[cause % len(MODULES)]}{cause // len(MODULES) or ''}", KINDS[cause % len(KINDS)]
    message = f"the {module} of customer {number} was not ready after {number % 90} s"
    trace = TRACE.format(
        test=f"test_case_{number}",
        module=module,
        number=number,
        line=10 + number % 50,
        at=20 + cause,
        kind=kind,
        message=message,
        place=40 + cause,
    )
    name = f"test_case_{number}"
    return (
        f'<testcase classname="tests.test_{module}" name="{name}" time="0.01">'
        f"<failure message={quoteattr(f'{kind}: {message}')}>{trace}</failure></testcase>\n"
    )


def write_reports(folder: Path, *, files: int, failures: int, causes: int) -> list[Path]:
    """Reports with so many failures of so many causes, evenly spread.

    Args:
        folder: where they go.
        files: how many reports.
        failures: how many failures in all.
        causes: of how many causes; the first one has the most.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for file in range(files):
        numbers = range(file, failures, files)
        path = folder / f"junit-shard-{file}.xml"
        with path.open("w", encoding="utf-8") as report:
            report.write(HEAD.format(count=len(numbers)))
            report.writelines(failure(_cause(number, causes), number) for number in numbers)
            report.write("</testsuite></testsuites>\n")
        paths.append(path)
    return paths


def _cause(number: int, causes: int) -> int:
    """A few causes have many failures, most have few."""
    return number % causes if number // causes % 3 == 0 else number % max(1, causes // 4)
