"""Fake secrets, drawn when a test runs: recipes and lines from tests/data/masking become planted texts.

In a recipe `⟨w:36⟩` is 36 random characters of the alphabet `w`; a word without a number is drawn by a function of its
own, with the provider's checksum where one is publicly known. In a line «…» is secret, ⏎ a line's end, ␛ an escape.
"""

import base64
import json
import random
import re
import string
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parent.parent / "data" / "masking"
LETTERS = string.ascii_letters
ALPHABETS = {
    "d": string.digits, "h": "0123456789abcdef", "X": "0123456789ABCDEF", "a": string.ascii_lowercase + string.digits,
    "A": string.ascii_uppercase + string.digits, "w": LETTERS + string.digits, "u": LETTERS + string.digits + "_-",
    "b": LETTERS + string.digits + "+/", "B": string.ascii_uppercase + "234567", "p": LETTERS + string.digits + "!#$%^*()-_=+.",
    "58": "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
}  # fmt: skip
BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
NAMES = [
    "mira",
    "jonas",
    "chiara",
    "tomasz",
    "freya",
    "noor",
    "lena",
    "kowalski",
    "becker",
    "larsen",
    "yilmaz",
    "tanaka",
    "okafor",
    "silva",
]
WORDS = [
    "harbor",
    "lagoon",
    "timber",
    "ember",
    "raven",
    "falcon",
    "maple",
    "quartz",
    "copper",
    "onyx",
    "umber",
    "velvet",
    "birch",
    "jasper",
    "willow",
    "anchor",
    "zephyr",
    "garnet",
    "cobalt",
]
_LETTER = re.compile(r"(?<![A-Za-z%])(?:[Nnckst](?![A-Za-z])|r(?![A-Za-z\"']))|(?<=-D)r|(?<=%22)n(?=%22)|(?<=m)[Nn](?=␛)")
_RECIPE = re.compile(r"⟨([^:⟩]+)(?::([^⟩]*))?⟩")


class Planted(NamedTuple):
    """A text, and the strings in it that must go; without any, nothing of the text may change."""

    kind: str
    text: str
    secrets: tuple[str, ...] = ()


def rows(name: str) -> list[str]:
    """The lines of a table in tests/data/masking."""
    return [line for line in (DATA / f"{name}.txt").read_text("utf-8").split("\n") if line and not line.startswith("# ")]


def drawn(rng: random.Random, recipe: str) -> str:
    """A recipe with everything in it drawn."""
    return _RECIPE.sub(lambda match: _piece(rng, match[1], match[2] or ""), recipe)


def planted(rng: random.Random, kind: str, line: str) -> Planted:
    """A line with everything in it drawn, and the secrets that it marks."""
    text = drawn(rng, line).replace("⏎", "\n").replace("␛", "\x1b")
    secrets = tuple(dict.fromkeys(re.findall("«([^»]*)»", text)))
    return Planted(kind, re.sub("[«»]", "", text), secrets)


def tokens(seed: int) -> Iterator[Planted]:
    """Each provider's token, in one of the places where tokens stand."""
    rng = random.Random(seed)
    holders = rows("holders")
    for row in rows("shapes"):
        kind, recipe = row.split(" ", 1)
        token = drawn(rng, recipe)
        yield planted(rng, kind, rng.choice(holders).replace("§", token if "«" in token else f"«{token}»"))


def assignments(seed: int) -> Iterator[Planted]:
    """Each way to write a name with a value, with names and values drawn from the table of names."""
    rng = random.Random(seed)
    names = [row.split(" ", 1) for row in rows("named")]
    for form in rows("assignments"):
        name, recipe = rng.choice(names)
        value = drawn(rng, recipe)
        while set(value) & _unfit(form):
            name, recipe = rng.choice(names)
            value = drawn(rng, recipe)
        yield planted(rng, f"assigned: {form}", _with_name(form, name).replace("§", f"«{value}»"))


def _with_name(form: str, name: str) -> str:
    """A form with the name in it, written in the way that its letter stands for."""
    words = name.lower().split("_")
    ways = {"N": name, "n": "_".join(words), "c": words[0] + "".join(map(str.title, words[1:])), "k": "-".join(words),
            "t": "-".join(map(str.title, words)), "r": ".".join(words), "s": " ".join(words)}  # fmt: skip
    return _LETTER.sub(lambda match: ways[match.group()], form)


def written(seed: int, table: str = "written") -> Iterator[Planted]:
    """Every line of a table of lines with secrets."""
    rng = random.Random(seed)
    for row in rows(table):
        kind, _, line = row.partition(" ")
        yield planted(rng, f"{kind}: {line}", line)


def harmless(seed: int, table: str = "harmless") -> Iterator[Planted]:
    """Every line of a table of look-alikes."""
    rng = random.Random(seed)
    for line in rows(table):
        yield planted(rng, line, line)


def _unfit(form: str) -> set[str]:
    """The characters that a value cannot hold in a form: quotes and escapes everywhere, separators where it is bare."""
    around = form[form.index("§") - 1 : form.index("§")] if not form.startswith("§") else ""
    unfit = set("\"'`\\<>\n")
    if around not in "\"'`" or not around:
        unfit |= set(" ,;&{}[]()|#$!*%")
    if around == '"':
        unfit |= set("$")
    if re.search(r"[?&][Nnck]=§|^[a-z]=§&|%3D|%22", form):
        unfit |= set("+%=&/^!#")
    return unfit


def _piece(rng: random.Random, name: str, detail: str) -> str:
    if name in ALPHABETS:
        return _run(rng, ALPHABETS[name], int(detail))
    return BUILDERS[name](rng, detail)


def _run(rng: random.Random, alphabet: str, length: int) -> str:
    """Random characters; from 8 on with a digit and, where the alphabet has them, letters of both cases: as chance nearly always gives."""
    while True:
        text = "".join(rng.choice(alphabet) for _ in range(length))
        wanted = [part for part in (string.digits, string.ascii_lowercase, string.ascii_uppercase) if set(part) & set(alphabet)]
        if length < 8 or all(set(part) & set(text) for part in wanted):
            return text


def _base62(number: int, width: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 62)
        digits = BASE62[rest] + digits
    return digits.rjust(width, "0")


def _with_crc(rng: random.Random, detail: str) -> str:
    body = _run(rng, ALPHABETS["w"], int(detail))
    return body + _base62(zlib.crc32(body.encode()), 6)


def _encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _jwt(rng: random.Random, _: str) -> str:
    head = _encoded(json.dumps({"alg": rng.choice(["HS256", "RS256"]), "typ": "JWT"}))
    body = _encoded(json.dumps({"sub": str(rng.randrange(10**8)), "iat": 1770000000 + rng.randrange(10**7)}))
    return f"{head}.{body}.{_run(rng, ALPHABETS['u'], 43)}"


def _jwe(rng: random.Random, _: str) -> str:
    head = _encoded(json.dumps({"alg": "RSA-OAEP", "enc": "A256GCM"}))
    return ".".join([head, *(_run(rng, ALPHABETS["u"], n) for n in (171, 16, 80, 22))])


def _basic(rng: random.Random, _: str) -> str:
    return base64.b64encode(f"{rng.choice(NAMES)}:{_password(rng, '')}".encode()).decode()


def _password(rng: random.Random, _: str) -> str:
    if rng.random() < 0.3:
        return rng.choice(WORDS) + rng.choice(WORDS) + str(rng.randrange(10, 99))
    return _run(rng, LETTERS + string.digits + "!#$%^*+-_.?~@", rng.randrange(9, 20))


def _word(rng: random.Random, _: str) -> str:
    """A password that needs no quoting wherever it stands."""
    if rng.random() < 0.3:
        return rng.choice(WORDS) + rng.choice(WORDS) + str(rng.randrange(10, 99))
    return "x" + _run(rng, LETTERS + string.digits + ".!+^_~-", rng.randrange(9, 18)) + "7"


def _in_url(rng: random.Random, _: str) -> str:
    if rng.random() < 0.3:
        return rng.choice(WORDS) + rng.choice(WORDS) + str(rng.randrange(10, 99))
    plain = _run(rng, LETTERS + string.digits + "._-~!*", rng.randrange(9, 20))
    at = rng.randrange(1, len(plain))
    return plain[:at] + rng.choice(["", "", "%23", "%40", "%2F"]) + plain[at:]


def _bech32(rng: random.Random, prefix: str, length: int) -> str:
    charset = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    data = [rng.randrange(32) for _ in range(length)]
    values = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + data + [0] * 6
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if top >> bit & 1 else 0
    check ^= 1
    return prefix + "1" + "".join(charset[d] for d in data) + "".join(charset[check >> 5 * (5 - i) & 31] for i in range(6))


def _grafana(rng: random.Random, _: str) -> str:
    return base64.b64encode(json.dumps({"o": "123", "n": "push", "k": _run(rng, ALPHABETS["w"], 24), "m": {"r": "eu"}}).encode()).decode()


def _grafana_old(rng: random.Random, _: str) -> str:
    return base64.b64encode(json.dumps({"k": _run(rng, ALPHABETS["w"], 32), "n": "ci", "id": 1}, separators=(",", ":")).encode()).decode()


def _pypi(rng: random.Random, _: str) -> str:
    raw = (
        b"\x02\x01\x08pypi.org\x02$" + _uuid(rng, "").encode() + b"\x00\x02,[1,[" + rng.randbytes(40) + b"\x00\x00\x06 " + rng.randbytes(32)
    )
    return "pypi-" + base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _uuid(rng: random.Random, _: str) -> str:
    text = f"{rng.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


def _mnemonic(rng: random.Random, _: str) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(12))


def _pem_lines(rng: random.Random, label: str) -> list[str]:
    body = ["MII" + _run(rng, ALPHABETS["b"], 61), *(_run(rng, ALPHABETS["b"], 64) for _ in range(6)), _run(rng, ALPHABETS["b"], 22) + "=="]
    return [f"{'-' * 5}BEGIN {label}{'-' * 5}", *body, f"{'-' * 5}END {label}{'-' * 5}"]


def _pem(rng: random.Random, label: str, *, end: str = "⏎", prefix: str = "", cut: bool = False) -> str:
    first, *body, last = _pem_lines(rng, label)
    lines = [first, *(f"«{line}»" for line in body), *([] if cut else [last])]
    return end.join(prefix + line for line in lines)


def _ppk(rng: random.Random, _: str) -> str:
    body = "⏎".join(f"«{_run(rng, ALPHABETS['b'], 64)}»" for _ in range(3))
    head = "PuTTY-User-Key-File-3: ssh-ed25519⏎Encryption: none⏎Comment: ci⏎Public-Lines: 1⏎"
    return f"{head}{_run(rng, ALPHABETS['b'], 64)}⏎Private-Lines: 3⏎{body}⏎Private-MAC: {_run(rng, ALPHABETS['h'], 64)}"


def _card(rng: random.Random, _: str) -> str:
    digits = [int(c) for c in rng.choice(["4", "51", "55", "2221"])]
    digits += [rng.randrange(10) for _ in range(15 - len(digits))]
    total = sum(d if i % 2 else sum(divmod(2 * d, 10)) for i, d in enumerate(digits))
    return "".join(map(str, digits)) + str(-total % 10)


def _in_fours(text: str) -> str:
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def _iban(rng: random.Random, _: str) -> str:
    country, length = rng.choice([("AT", 16), ("DE", 18), ("CH", 17)])
    body = _run(rng, ALPHABETS["d"], length)
    number = int("".join(str(int(c, 36)) for c in f"{body}{country}00"))
    return f"{country}{98 - number % 97:02d}{body}"


def _ip(rng: random.Random, _: str) -> str:
    return f"{rng.choice([31, 62, 74, 81, 93, 185, 203])}.{rng.randrange(60, 256)}.{rng.randrange(256)}.{rng.randrange(1, 255)}"


def _ip6(rng: random.Random, _: str) -> str:
    return f"2a0{rng.randrange(10)}:{rng.randrange(256, 65536):x}:{rng.randrange(256, 65536):x}::{rng.randrange(16, 65536):x}:{rng.randrange(16, 256):x}"


def _ip6_full(rng: random.Random, _: str) -> str:
    return "2a02:" + ":".join(f"{rng.randrange(256, 65536):x}" for _ in range(7))


BUILDERS: dict[str, Callable[[random.Random, str], str]] = {
    "crc": _with_crc, "jwt": _jwt, "jwe": _jwe, "basic": _basic, "pass": _password, "word": _word, "url": _in_url, "g": _uuid,
    "age": lambda rng, _: _bech32(rng, "age-secret-key-", 52).upper(), "nsec": lambda rng, _: _bech32(rng, "nsec", 52),
    "glc": _grafana, "glk": _grafana_old, "pypi": _pypi, "bip39": _mnemonic, "pem": _pem, "ppk": _ppk,
    "pem1": lambda rng, label: _pem(rng, label, end="\\n"), "pem2": lambda rng, label: _pem(rng, label, end="\\\\n"),
    "pemp": lambda rng, prefix: _pem(rng, "PRIVATE KEY", prefix=prefix), "pemc": lambda rng, label: _pem(rng, label, cut=True),
    "card": _card, "cards": lambda rng, _: _in_fours(_card(rng, "")), "iban": _iban, "ibans": lambda rng, _: _in_fours(_iban(rng, "")),
    "ip": _ip, "ip6": _ip6, "ip6full": _ip6_full, "name": lambda rng, _: rng.choice(NAMES), "NAME": lambda rng, _: rng.choice(NAMES).upper(),
    "ssn": lambda rng, _: f"{rng.randrange(100, 665)}-{rng.randrange(10, 99)}-{rng.randrange(1000, 9999)}",
    "mac": lambda rng, _: ":".join(f"{rng.randrange(256):02x}" for _ in range(6)),
}  # fmt: skip
