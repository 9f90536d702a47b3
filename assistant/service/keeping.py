"""What of an export's inputs is kept: their masked text, so that a part can be drafted anew when the uploads are long gone."""

import json
import zlib
from typing import Any

from assistant.mining import mine
from assistant.pipeline import Material, Request
from assistant.redaction import Redactor
from assistant.sources.source import Case, Inputs, Source


def packed(material: Material) -> bytes:
    """The masked inputs as one compressed value.

    Args:
        material: as it was read and mined.
    """
    kept = [_values(source, str(material.mined.logs[source.name].text), material.redactor) for source in material.inputs.sources]
    return zlib.compress(json.dumps({"sources": kept, "notes": material.inputs.notes}).encode())


def unpacked(kept: bytes, request: Request) -> Material:
    """The masked inputs, mined again.

    Args:
        kept: what `packed` gave.
        request: says what is masked.
    """
    held = json.loads(zlib.decompress(kept))
    sources = tuple(_source(values) for values in held["sources"])
    redactor = Redactor(pii=request.pii, mask=request.mask, keep=request.keep)
    return Material(Inputs(sources, tuple(held["notes"])), mine(sources, redactor), None, redactor, redactor.learned)


def _values(source: Source, text: str, redactor: Redactor) -> dict[str, Any]:
    return {
        "name": source.name,
        "text": text,
        "notes": source.notes,
        "numbers": list(source.numbers),
        "total": source.total,
        "repeats": list(source.repeats.items()),
        "cases": [case._replace(exception=redactor.mask(case.exception)) for case in source.cases],
    }


def _source(values: dict[str, Any]) -> Source:
    return Source(
        name=values["name"],
        text=values["text"],
        notes=tuple(values["notes"]),
        numbers=tuple(values["numbers"]),
        total=values["total"],
        repeats={number: count for number, count in values["repeats"]},  # noqa: C416 - JSON gives lists of two
        cases=tuple(Case(*case) for case in values["cases"]),
    )
