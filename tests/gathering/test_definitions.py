"""Short definitions at module level are shown where the failing code uses them, at most two, the nearest first."""

from assistant.evidence import Frame

MODELS = """from base import Base


class Stamped:
    changed_at = column(onupdate=now())


class Order(Stamped, Base):
    id = column()
"""
DB = "from sqlalchemy.orm import sessionmaker\n\nengine = make()\nSessionLocal = sessionmaker(engine, expire_on_commit=False)\n"
SERVICE = """from app.db import SessionLocal
from app.models import Order

RATES = {"de": 19}
LIMIT = 5


def payload(order: Order) -> str:
    return order.changed_at.isoformat()


def price(country):
    return RATES[country]


def count():
    if LIMIT:
        with SessionLocal() as session:
            return session.count()
"""


def shown(found) -> list[tuple[str, str]]:
    return [(block.file, block.note) for block in found.related]


def failing(project, failure, gathered, line: int, files: dict[str, str] | None = None):
    root = project({"app/models.py": MODELS, "app/db.py": DB, "app/service.py": SERVICE, **(files or {})})
    function = next(text.split("(")[0].removeprefix("def ") for text in reversed(SERVICE.split("\n")[:line]) if text.startswith("def "))
    frame = Frame("app/service.py", line, function, SERVICE.split("\n")[line - 1].strip())
    return gathered(failure(frames=(frame,)), root)


def test_the_class_that_declares_the_attribute_of_the_failing_line_is_shown(project, failure, gathered):
    found = failing(project, failure, gathered, 9)
    assert shown(found) == [("app/models.py", "`Stamped`; declares `changed_at`")]
    assert found.related[0].lines == "4-5"


def test_a_constant_of_the_failing_line_is_shown(project, failure, gathered):
    assert shown(failing(project, failure, gathered, 13)) == [("app/service.py", "`RATES`; named on the failing line")]


def test_a_session_factory_and_a_constant_that_the_function_uses_are_shown(project, failure, gathered):
    assert shown(failing(project, failure, gathered, 19)) == [
        ("app/db.py", "`SessionLocal`; used by the code above"),
        ("app/service.py", "`LIMIT`; used by the code above"),
    ]


def test_of_a_long_class_only_its_head_and_the_attribute_are_shown(project, failure, gathered):
    fields = "\n".join(f"    field_{number} = column()" for number in range(20))
    models = f"class Order:\n{fields}\n    changed_at = column(onupdate=now())\n{fields}\n"
    block = failing(project, failure, gathered, 9, {"app/models.py": models}).related[0]
    assert block.lines == "1-22"
    assert block.note == "`Order`; declares `changed_at`; a part of its 42 lines"


def test_a_long_constant_is_not_shown(project, failure, gathered):
    long = SERVICE.replace('RATES = {"de": 19}', "RATES = {\n" + "\n".join(f'    "{n}": {n},' for n in range(30)) + "\n}")
    root = project({"app/service.py": long})
    line = long.split("\n").index("    return RATES[country]") + 1
    found = gathered(failure(frames=(Frame("app/service.py", line, "price", "return RATES[country]"),)), root)
    assert shown(found) == []


def test_names_of_other_packages_and_broken_modules_are_passed_over(project, failure, gathered):
    found = failing(project, failure, gathered, 19, {"app/db.py": "def broken(:\n"})
    assert shown(found) == [("app/service.py", "`LIMIT`; used by the code above")]


def test_modules_that_import_each_other_end_the_search(project, failure, gathered):
    found = failing(
        project, failure, gathered, 9, {"app/models.py": "from app.other import Order\n", "app/other.py": "from app.models import Order\n"}
    )
    assert shown(found) == []
