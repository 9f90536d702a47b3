"""The masking door is one: nothing else in the package can make a `Masked`."""

import re
from pathlib import Path

PACKAGE = Path(__file__).parent.parent.parent / "assistant"


def test_only_the_redaction_package_makes_masked_text() -> None:
    made = [str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("*.py") if re.search(r"\bMasked\(", path.read_text("utf-8"))]
    assert {name.partition("/")[0] for name in made} == {"redaction"}
