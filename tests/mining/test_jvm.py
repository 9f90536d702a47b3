import pytest

from assistant.mining.languages.gradle import find_gradle, find_gradle_builds
from assistant.mining.languages.javac import find_javac
from assistant.mining.languages.junit import find_junit
from assistant.mining.languages.jvm import find_thrown
from assistant.mining.languages.maven import find_maven
from assistant.mining.languages.surefire import find_surefire

THROWN = """\
Starting
2024-01-02 10:00:00.123 ERROR [main] shop.App - request failed
java.lang.IllegalStateException: cannot ship
of order 7

	at shop.App.run(App.java:12) ~[app.jar:1.0]
	at java.base/java.lang.Thread.run(Thread.java:829)
	Suppressed: java.io.IOException: close
		at shop.App.close(App.java:99)
	... 3 more
Caused by: java.sql.SQLException: no connection
	at shop.Db.open(Db.kt:3)
	... 12 common frames omitted
done
"""


def test_a_throwable_is_told_with_its_record_its_causes_and_whose_frames(told) -> None:
    (one,) = told(find_thrown, THROWN)
    assert (one.lines, one.exception, one.message) == ("2-13", "java.lang.IllegalStateException", "cannot ship\nof order 7")
    assert one.causes == ["java.sql.SQLException", "java.lang.IllegalStateException"]
    assert (one.ours, one.libraries) == (["shop/App.java:12"], ["java/lang/Thread.java:829"])
    assert one.phase == ""


def test_a_thread_that_died_of_an_exception_names_it(told) -> None:
    (one,) = told(find_thrown, 'Exception in thread "main" java.lang.NullPointerException: x is null\n\tat a.Main.main(Main.java:4)\n')
    assert (one.exception, one.message, one.ours) == ("java.lang.NullPointerException", "x is null", ["a/Main.java:4"])


def test_a_failed_start_of_spring_is_told_in_its_own_words(told) -> None:
    text = (
        "***************************\nAPPLICATION FAILED TO START\n***************************\n\nDescription:\n\n"
        "Failed to configure a DataSource\n\nReason: no driver\n\n\nAction:\n\nConsider a driver.\n\nnext\n"
    )
    (one,) = told(find_thrown, text)
    assert (one.lines, one.exception) == ("1-14", "APPLICATION FAILED TO START")
    assert one.message == "Failed to configure a DataSource\nReason: no driver"


SUREFIRE = """\
[INFO] Running shop.TaxTest
[ERROR] Tests run: 2, Failures: 1, Errors: 1, Skipped: 0, Time elapsed: 0.05 s <<< FAILURE! - in shop.TaxTest
[ERROR] shop.TaxTest.rate  Time elapsed: 0.02 s  <<< FAILURE!
org.opentest4j.AssertionFailedError:
expected: <1>

	at org.junit.jupiter.api.Assertions.fail(Assertions.java:134)
	at shop.TaxTest.rate(TaxTest.java:41)

[ERROR] load(shop.TaxTest)  Time elapsed: 0.01 s  <<< ERROR!
java.lang.RuntimeException: outer
	at shop.TaxTest.load(TaxTest.java:98)
Caused by: java.lang.NullPointerException

[INFO] Results:
[INFO]
[ERROR] Failures:
[ERROR]   TaxTest.rate:41 expected: <1>
[ERROR] Errors:
[ERROR]   TaxTest.load:98 » Runtime outer
[INFO]
[ERROR] Tests run: 2, Failures: 1, Errors: 1, Skipped: 0
"""


def test_surefire_tells_each_test_once_though_it_lists_it_again(told) -> None:
    first, second = told(find_surefire, SUREFIRE)
    assert (first.lines, first.test_id, first.phase) == ("3-8", "shop.TaxTest.rate", "call")
    assert (first.exception, first.message) == ("org.opentest4j.AssertionFailedError", "expected: <1>")
    assert (first.ours, first.libraries) == (["shop/TaxTest.java:41"], ["org/junit/jupiter/api/Assertions.java:134"])
    assert (second.lines, second.test_id) == ("10-13", "shop.TaxTest.load")
    assert second.causes == ["java.lang.NullPointerException", "java.lang.RuntimeException"]


@pytest.mark.parametrize(
    ("text", "test_id", "message"),
    [
        ("Failed tests: \n  ATest.adds:3 expected 1\n\nTests run: 1, Failures: 1\n", "ATest.adds", "expected 1"),
        ("Tests in error: \n  ATest.adds:3->Base.go:9 » Runtime x\n\nTests run: 1\n", "ATest.adds", "Runtime x"),
        ("Failed tests: \n  adds(a.ATest): expected 1\n\nTests run: 1\n", "a.ATest.adds", "expected 1"),
        ("[ERROR] Failures: \n[ERROR]   ATest.adds a lot:3 a\n\nb\n[INFO] \n[ERROR] Tests run: 1\n", "ATest.adds a lot", "a\n\nb"),
    ],
)
def test_the_closing_list_is_all_there_is_where_blocks_are_switched_off(told, text: str, test_id: str, message: str) -> None:
    (one,) = told(find_surefire, text)
    assert (one.test_id, one.message, one.phase) == (test_id, message, "call")


def test_frames_of_the_tested_organisation_are_ours_though_others_use_it_as_a_library(told) -> None:
    text = "Tests run: 1\nrun(org.postgresql.test.BatchTest)  Time elapsed: 0 sec  <<< ERROR!\norg.postgresql.util.PSQLException: x\n\tat org.postgresql.core.Query.go(Query.java:7)\n"
    (one,) = told(find_surefire, text)
    assert one.ours == ["org/postgresql/core/Query.java:7"]


def test_gradle_blocks_are_whole_or_short(told) -> None:
    text = """\
shop.TaxTest > rate FAILED
    java.lang.AssertionError: expected:<1> but was:<0>
        at org.junit.Assert.fail(Assert.java:88)
        at shop.TaxTest.rate(TaxTest.java:33)

        Caused by:
        java.io.IOException: gone
            at shop.Tax.read(Tax.java:5)
            ... 1 more

Gradle suite > Gradle test > shop.CartTest > adds[0] FAILED
    java.lang.AssertionError at CartTest.java:83

> Task :test FAILED
Test shop.TaxTest FAILED
"""
    first, second = told(find_gradle, text)
    assert (first.lines, first.test_id) == ("1-9", "shop.TaxTest.rate")
    assert first.causes == ["java.io.IOException", "java.lang.AssertionError"]
    assert (second.test_id, second.exception, second.ours) == ("shop.CartTest.adds[0]", "java.lang.AssertionError", ["CartTest.java:83"])


WRONG = "FAILURE: Build failed with an exception.\n\n* What went wrong:\n{}\n\n* Try:\n> Run with --stacktrace\n"


def test_what_went_wrong_with_a_build_is_told(told) -> None:
    (one,) = told(
        find_gradle_builds, WRONG.format("Could not resolve all files for configuration ':x'.\n> Could not find a:b:1.\n  Searched in c")
    )
    assert (one.lines, one.phase) == ("1-6", "collection")
    assert one.message.startswith("Could not resolve all files")
    assert "Could not find a:b:1." in one.message


@pytest.mark.parametrize(
    "reason", ["There were failing tests. See the report", "Compilation failed; see the compiler error output for details."]
)
def test_a_build_that_fails_for_what_stands_above_is_left_to_it(told, reason: str) -> None:
    assert told(find_gradle_builds, WRONG.format(f"Execution failed for task ':test'.\n> {reason}")) == []


@pytest.mark.parametrize(
    ("text", "test_id", "exception", "ours"),
    [
        (
            "Failures (1):\n  JUnit Jupiter:ProbeTest:go()\n    MethodSource [className = 'a.ProbeTest', methodName = 'go', methodParameterTypes = '']\n"
            "    => java.lang.RuntimeException: x\n       a.b.Vault.find(Vault.java:515)\n       [...]\n",
            "a.ProbeTest.go",
            "java.lang.RuntimeException",
            ["a/b/Vault.java:515"],
        ),
        (
            "    [junit] Testsuite: a.FlowTest\n    [junit] Testcase: next took 1.4 sec\n    [junit] \tCaused an ERROR\n    [junit] Index: 0\n"
            "    [junit] java.lang.IndexOutOfBoundsException: Index: 0\n    [junit] \tat a.Flow.next(Flow.java:148)\n    [junit] \n",
            "a.FlowTest.next",
            "java.lang.IndexOutOfBoundsException",
            ["a/Flow.java:148"],
        ),
        (
            "Testcase: call(a.CallTest):\tFAILED\nsame\njunit.framework.AssertionFailedError: same\n\tat a.CallTest.call(CallTest.java:9)\n\n",
            "a.CallTest.call",
            "junit.framework.AssertionFailedError",
            ["a/CallTest.java:9"],
        ),
        (
            "There was 1 failure:\n1) adds(a.SumTest)\njava.lang.AssertionError: x\n\tat a.SumTest.adds(SumTest.java:3)\n\nFAILURES!!!\n",
            "a.SumTest.adds",
            "java.lang.AssertionError",
            ["a/SumTest.java:3"],
        ),
        (
            "[info] a.SumSpec:\n[info] A sum\n[info] - should add *** FAILED ***\n[info]   1 did not equal 2 (SumSpec.scala:12)\n[info] Run completed\n",
            "a.SumSpec › should add",
            "",
            ["SumSpec.scala:12"],
        ),
    ],
)
def test_other_launchers_tell_tests_too(told, text: str, test_id: str, exception: str, ours: list[str]) -> None:
    (one,) = told(find_junit, text)
    assert (one.test_id, one.exception, one.phase, one.ours) == (test_id, exception, "call", ours)


@pytest.mark.parametrize(
    ("text", "message", "ours", "language"),
    [
        (
            "/w/B.java:12: error: cannot find symbol\nimport x.Y;\n        ^\n  symbol:   class Y\n1 error\n",
            "cannot find symbol\nsymbol:   class Y",
            "/w/B.java:12",
            "java",
        ),
        (
            "[ERROR] /w/B.java:[12,5] cannot find symbol\n  symbol:   class Foo\n",
            "cannot find symbol\nsymbol:   class Foo",
            "/w/B.java:12",
            "java",
        ),
        ("e: file:///w/M.kt:12:5 Unresolved reference: foo\n", "Unresolved reference: foo", "/w/M.kt:12", "kotlin"),
        ("e: /w/M.kt: (13, 5): Unresolved reference: bar\n", "Unresolved reference: bar", "/w/M.kt:13", "kotlin"),
        ("[error] /w/A.scala:12:5: not found: value x\n[error]   x + 1\n[error]   ^\n", "not found: value x", "/w/A.scala:12", "scala"),
        (
            "    [javac] /w/X.java:3: error: ';' expected\n    [javac]   int x\n    [javac]        ^\n",
            "';' expected",
            "/w/X.java:3",
            "java",
        ),
    ],
)
def test_compilers_stop_everything_wherever_they_run(told, text: str, message: str, ours: str, language: str) -> None:
    (one,) = told(find_javac, text)
    assert (one.message, one.ours, one.language, one.phase) == (message, [ours], language, "collection")


def test_an_error_that_maven_repeats_is_told_once(told) -> None:
    error = "[ERROR] /w/B.java:[12,5] cannot find symbol\n"
    assert (
        len(
            told(
                find_javac,
                f"[ERROR] COMPILATION ERROR : \n{error}[INFO] 1 error\n[ERROR] Failed to execute goal x: Compilation failure\n{error}",
            )
        )
        == 1
    )


def test_what_a_compiler_says_inside_a_test_run_stopped_nothing(told) -> None:
    (one,) = told(find_javac, "[INFO]  T E S T S\ne: /tmp/S.java:6: error: no default\n[INFO] Results:\n")
    assert one.phase == ""


@pytest.mark.parametrize(
    "text",
    [
        "/w/B.java:13: warning: [deprecation] old\n",
        "w: /w/M.kt: (14, 5): unused\n",
        "\tat a.B.x(B.java:12)\n",
        "10:00 ERROR B.java:12 lost\n",
    ],
)
def test_warnings_frames_and_log_lines_are_no_compile_errors(told, text: str) -> None:
    assert told(find_javac, text) == []


def test_a_maven_goal_that_fails_for_its_own_reason_is_told_with_its_exception(told) -> None:
    text = """\
[ERROR] Failed to execute goal on project a: Could not resolve dependencies for project g:a:jar:1 -> [Help 1]
[ERROR]
[ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.
[ERROR] [Help 1] http://cwiki.apache.org/confluence/display/MAVEN/DependencyResolutionException
"""
    (one,) = told(find_maven, text)
    assert (one.exception, one.message) == ("DependencyResolutionException", "Could not resolve dependencies for project g:a:jar:1")


def test_a_maven_goal_that_fails_for_failed_tests_is_left_to_them(told) -> None:
    goal = "[ERROR] Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin:3.0:test (default-test) on project a: {}\n[ERROR] -> [Help 1]\n"
    assert told(find_maven, "[ERROR] Failures: \n" + goal.format("There are test failures.")) == []
    assert told(find_maven, "[ERROR] Failures: \n" + goal.format("") + "[ERROR] Please refer to /w/reports\n") == []
