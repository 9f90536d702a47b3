"""The exports of a batch as files: a drafted one written with its record, a known one's list of failures brought up to date."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.batch.index import IndexCluster
from assistant.checking.citing import ids_cited_in
from assistant.document import edit, parse, trim
from assistant.exporting import bytes_of, read_document
from assistant.record import RunRecord, Written, body_digest, dump_record, load_record, record_path
from assistant.rendering import open_templates
from assistant.review import review
from assistant.saving import save

PLACE = "additional_context.failures_of_this_cause"
TEMPLATE = "failures.md.j2"
LISTED = 20
"""So many failures are named in an export."""


def write_drafted(path: Path, result: dict[str, Any], cluster: IndexCluster, templates: Path | None = None) -> None:
    """Write an export and its record as a job gave them, with the list of its failures.

    Args:
        path: of the export; what is there is replaced, so that a batch that was killed while it wrote can do it again.
        result: of the job.
        cluster: the cause.
        templates: the user's own templates.
    """
    # late: pydantic costs seven bare starts
    from pydantic import TypeAdapter

    record = TypeAdapter(RunRecord).validate_python(result["record"])
    _write(path, result["text"], record, list_of(cluster, templates))


def update_known(path: Path, cluster: IndexCluster, templates: Path | None = None) -> str:
    """Bring the list of failures of an existing export up to date; nothing else in it changes.

    Returns:
        Why that was not done; empty where it was.

    Raises:
        InputError: the export cannot be read, or its record is broken.
    """
    if bytes_of(path) is None:
        return "its export is missing"
    text, record = read_document(path), load_record(path)
    document = parse(text)
    if document.find("additional_context") is None:
        return "its export has no Additional Context any more: the list was not written"
    body = list_of(cluster, templates)
    if document.find(PLACE) and document.body(PLACE) == trim(body):
        return ""
    known = record.subsections.get(PLACE) if record else None
    if document.find(PLACE) is None and known:
        return "a person removed the list from its export"
    if document.find(PLACE) and not (known and known.digest == body_digest(document.body(PLACE))):
        return "a person changed the list in its export: it was left alone"
    _write(path, text, record, body)
    return ""


def list_of(cluster: IndexCluster, templates: Path | None = None) -> str:
    """The body of the list: the first failures and a count.

    Args:
        cluster: the cause.
        templates: the user's own templates.
    """
    template = open_templates(templates).get_template(TEMPLATE)
    tests = len({one.test_id for one in cluster.failures if one.test_id})
    return trim(
        template.render(
            cluster=cluster, listed=cluster.failures[:LISTED], tests=tests, sources=len({one.source for one in cluster.failures})
        )
    )


def _write(path: Path, text: str, record: RunRecord | None, body: str) -> None:
    text = edit(text, {PLACE: body})
    if record is None:
        save(path, text)
        return
    written = {**record.subsections, PLACE: Written(digest=body_digest(body), by="evidence", cites=ids_cited_in(body))}
    record = replace(record, subsections=written)
    # the record first: a list that the record does not know yet would count as a person's
    save(record_path(path), dump_record(replace(record, problems=review(text, record).counted(allow_drafts=True))))
    save(path, text)
