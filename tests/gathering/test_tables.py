"""Database Schema: the definitions of the tables concerned, as they stand in SQL, migrations and models; summaries of phases."""

import pytest

from assistant.gathering.phases import phase_summaries
from assistant.gathering.tables import table_definitions

SQL = "CREATE TABLE jobs (\n    id INTEGER PRIMARY KEY,\n    state TEXT\n);\n\nCREATE TABLE users (id INTEGER);\nALTER TABLE jobs ADD COLUMN due TEXT;\n"
MODEL = 'class Job(Base):\n    __tablename__ = "jobs"\n\n    id = Column(Integer)\n\n\nclass Plain:\n    pass\n'
MIGRATION = 'def upgrade():\n    op.create_table(\n        "jobs",\n        sa.Column("id", sa.Integer),\n    )\n    op.add_column("users", sa.Column("age", sa.Integer))\n'


def shown(collection):
    blocks = table_definitions(collection)
    pieces = [collection.ledger.get(block.evidence) for block in blocks]
    return [(str(piece.origin), piece.kind.value, piece.text.split("\n")[0]) for piece in pieces]


def test_the_table_that_the_failure_names_is_defined_by_sql_models_and_migrations(project, failure, collect):
    root = project({"db/schema.sql": SQL, "app/models.py": MODEL, "migrations/0001.py": MIGRATION})
    collection = collect(failure("OperationalError: no such table: jobs"), root)
    assert shown(collection) == [
        ("db/schema.sql:1-4", "schema", "CREATE TABLE jobs ("),
        ("db/schema.sql:7", "schema", "ALTER TABLE jobs ADD COLUMN due TEXT;"),
        ("app/models.py:1-4", "schema", "class Job(Base):"),
        ("migrations/0001.py:2-5", "schema", "    op.create_table("),
    ]


@pytest.mark.parametrize(
    "message", ['relation "users" does not exist', "INSERT INTO users (id) VALUES (1)", "near UPDATE users SET id = 1"]
)
def test_tables_are_named_by_messages_and_statements(project, failure, collect, message):
    collection = collect(failure(f"ProgrammingError: {message}"), project({"db/schema.sql": SQL}))
    assert shown(collection) == [("db/schema.sql:6", "schema", "CREATE TABLE users (id INTEGER);")]


def test_sql_inside_code_is_found_and_ends_where_it_ends(project, failure, collect):
    code = 'SCHEMA = """\nCREATE TABLE IF NOT EXISTS call (\n    id INTEGER,\n    at INTEGER\n);\nCREATE INDEX a ON call (at);\n"""\n'
    collection = collect(failure("OperationalError: no such table: call"), project({"app/usage.py": code}))
    assert shown(collection) == [("app/usage.py:2-5", "schema", "CREATE TABLE IF NOT EXISTS call (")]


def test_few_tables_are_shown_where_none_is_named_and_many_are_not(project, failure, collect):
    few = collect(failure("ValueError: boom"), project({"schema.sql": SQL}))
    assert len(shown(few)) == 3
    many = collect(failure("ValueError: boom"), project({"schema.sql": "".join(f"CREATE TABLE t{n} (id INTEGER);\n" for n in range(9))}))
    assert shown(many) == []


def test_without_tables_nothing_is_said(project, failure, collect):
    assert table_definitions(collect(failure("ValueError: boom"), project({"app.py": "A = 1\n"}))) == ()
    assert table_definitions(collect(failure("ValueError: boom"))) == ()


def test_phase_summaries_are_told_by_path_and_first_sentence(project, failure, collect):
    files = {f"docs/phase-{n}-summary.md": f"# Phase {n}\n\n- Baskets of phase {n} work.\n" for n in (2, 10, 1, 3)}
    collection = collect(failure("ValueError: boom"), project(files))
    assert phase_summaries(collection) == (
        "`docs/phase-2-summary.md`: Baskets of phase 2 work. (E2)",
        "`docs/phase-3-summary.md`: Baskets of phase 3 work. (E3)",
        "`docs/phase-10-summary.md`: Baskets of phase 10 work. (E4)",
    )


def test_which_paths_are_summaries_can_be_set(project, failure, collect):
    collection = collect(
        failure("ValueError: boom"), project({"notes/sprint-1.md": "All four endpoints answer.\n", "docs/phase-1.md": "x\n"})
    )
    assert phase_summaries(collection, "notes/sprint-*.md") == ("`notes/sprint-1.md`: All four endpoints answer. (E2)",)
