import pytest
from hypothesis import given, strategies as st

from assistant.sources.encodings import as_utf8, decoded, is_binary, wide_encoding
from assistant.sources.terminal import last_states

GUESSED = "it is not UTF-8; it was read as Windows-1252"
SHOWN = "bytes that are not UTF-8 are shown as \\xff"


@pytest.mark.parametrize(
    ("data", "text", "note"),
    [
        (b"plain", "plain", ""),
        ("ünïcode ✓".encode(), "ünïcode ✓", ""),
        (b"\xef\xbb\xbfmarked", "marked", ""),
        (
            "Fehler: Datei \u201ea\u201c für Größe nicht gefunden".encode("cp1252"),
            "Fehler: Datei \u201ea\u201c für Größe nicht gefunden",
            GUESSED,
        ),
        (b"caf\xe9 and \xe2\x9c\x93", "caf\\xe9 and \u2713", SHOWN),
        (b"a cut check mark \xe2\x9c", "a cut check mark \u00e2\u0153", GUESSED),
        (b"no letter \x81", "no letter \\x81", SHOWN),
        (b"caf\xe9 \x00", "caf\\xe9 \x00", SHOWN),
        (b"\xe9\xe8\xe7 a", "\\xe9\\xe8\\xe7 a", SHOWN),
    ],
)
def test_bytes_that_are_not_utf8_are_guessed_or_shown(data: bytes, text: str, note: str) -> None:
    assert decoded(data) == (text, note)


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("ab".encode("utf-16"), "utf-16-le"),
        ("Error: no\r\n".encode("utf-16-le"), "utf-16-le"),
        ("Error: no\r\n".encode("utf-16-be"), "utf-16-be"),
        ("Error".encode("utf-32"), "utf-32-le"),
        (b"Error: no", ""),
        (b"a\x00b", ""),
    ],
)
def test_wide_encodings_are_known_by_their_mark_or_their_nuls(head: bytes, encoding: str) -> None:
    assert wide_encoding(head) == encoding


@given(st.text(), st.integers(1, 7))
def test_wide_text_comes_out_whole_wherever_its_blocks_are_cut(text: str, size: int) -> None:
    data = text.encode("utf-16-le", "surrogatepass")
    blocks = [data[at : at + size] for at in range(0, len(data), size)]
    expected = data.decode("utf-16-le", "backslashreplace").encode("utf-8", "backslashreplace")
    assert b"".join(as_utf8(blocks, "utf-16-le")) == expected


@pytest.mark.parametrize(
    ("head", "binary"),
    [(b"\x00\x01\x02\x03", True), (b"ok \x00\x01\n" + b"a line\n" * 5, False), ("wide".encode("utf-16"), False), (b"", False)],
)
def test_binary_data_is_told_by_its_controls(head: bytes, binary: bool) -> None:
    assert is_binary(head) is binary


@pytest.mark.parametrize(
    ("text", "shown", "dropped"),
    [
        ("one\r\ntwo\r\r\nthree", "one\ntwo\nthree", 0),
        ("Receiving:   1% (1/99)\rReceiving:  50% (49/99)\rReceiving: 100% (99/99)\nnext", "Receiving: 100% (99/99)\nnext", 2),
        ("step FAILED\rAll steps passed\n", "step FAILED\rAll steps passed\n", 0),
        ("FAILED\r 1%\r 2%\r 3%\rok\n", "FAILED\r 3%\rok\n", 2),
        (
            "".join(f"fetching {name}\r" for name in "abcdefghij") + "\n",
            "fetching a\rfetching f\rfetching g\rfetching h\rfetching i\rfetching j\n",
            4,
        ),
        ("no returns", "no returns", 0),
    ],
)
def test_of_a_line_rewritten_many_times_the_last_states_stay(text: str, shown: str, dropped: int) -> None:
    assert last_states(text) == (shown, dropped)


@given(st.lists(st.sampled_from(["a", "b", "1%", "2%", "\r", "\n", "FAILED"])).map("".join))
def test_lines_keep_their_numbers_and_only_whole_states_are_dropped(text: str) -> None:
    shown = last_states(text)[0].split("\n")
    assert len(shown) == text.count("\n") + 1
    for line, original in zip(shown, text.split("\n"), strict=True):
        states = original.split("\r")
        assert all(state in states for state in line.split("\r"))
