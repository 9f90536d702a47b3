"""Gathering as a whole: exact origins, exact lines, the same result twice."""

from hypothesis import HealthCheck, given, settings, strategies as st

from assistant.evidence import Frame, Kind, Ledger
from assistant.gathering.collection import Collection
from assistant.gathering.repository import Repository, SourceFile
from assistant.redaction import Redactor

FILES = {
    ".env": "DEBUG=1\n",
    "compose.yml": "services:\n  db:\n    image: postgres:15\n",
    "requirements.txt": "fastapi==0.115.6\nsqlalchemy==2.0.36\n",
    "app/main.py": "".join(f"def f{n}():\n    return {n}\n\n\n" for n in range(40))
    + "def long():\n"
    + "".join(f"    x = {n}\n" for n in range(200)),
}
FRAMES = (Frame("app/main.py", 2, "f0"), Frame("app/main.py", 300, "long"))


def test_every_piece_is_the_lines_that_its_origin_names(project, failure, gathered):
    found = gathered(failure(frames=FRAMES), project(FILES))
    for piece in found.ledger:
        if piece.origin.path in FILES and piece.origin.first:
            lines = FILES[piece.origin.path].split("\n")[piece.origin.first - 1 : piece.origin.last]
            shown = piece.text.split("\n")
            cut = next((at for at, line in enumerate(shown) if line.startswith("[… ")), len(shown))
            assert shown[:cut] + lines[cut : cut + piece.cut] + shown[cut + 1 :] == lines


def test_equal_input_gives_equal_evidence(project, failure, gathered):
    root = project(FILES)
    assert gathered(failure(frames=FRAMES), root) == gathered(failure(frames=FRAMES), root)


def test_nothing_is_known_of_nothing(failure, gathered):
    found = gathered(failure())
    assert (found.environment, found.database, found.python_version, found.fastapi_version) == (None, None, None, None)
    assert (found.other_versions, found.endpoint, found.step, found.notes) == (None, None, None, ())
    assert len(found.ledger) == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(lines=st.lists(st.text(st.characters(blacklist_categories=["Cs"]), max_size=30), min_size=1, max_size=40), data=st.data())
def test_any_lines_are_cited_as_they_are(failure, tmp_path, lines, data):
    file = SourceFile("a.txt", "\n".join(line.replace("\n", " ").replace("\r", " ") for line in lines))
    first = data.draw(st.integers(1, len(file.lines)))
    last = data.draw(st.integers(first, len(file.lines)))
    collection = Collection(failure(), Ledger(), Redactor(), {}, Repository(tmp_path))
    piece = collection.cite_file(file, first, last, kind=Kind.CODE, weight=0.5)
    assert piece.text.split("\n") == list(collection.masked_lines(file)[first - 1 : last])
    assert piece.text.count("\n") == last - first
