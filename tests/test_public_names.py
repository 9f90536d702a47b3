"""The public names: the list is a contract, and each loads on first use."""

import subprocess
import sys

import assistant


def test_the_public_names_are_these() -> None:
    assert assistant.__all__ == [
        "BatchOutcome",
        "BatchRequest",
        "Filled",
        "Outcome",
        "Previous",
        "Request",
        "ResearchExport",
        "ResultsRequest",
        "Review",
        "RunRecord",
        "Stated",
        "check",
        "draft_batch",
        "draft_export",
        "fill_results",
        "load_record",
    ]
    assert all(getattr(assistant, name) is not None for name in assistant.__all__)


def test_importing_the_package_imports_no_stage_and_no_library() -> None:
    code = "import sys; before = set(sys.modules); import assistant; print(sorted(m for m in set(sys.modules) - before if m.split('.')[0] in {'pydantic', 'jinja2', 'markdown_it', 'yaml', 'typer'} or m.startswith('assistant.')))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "[]"
