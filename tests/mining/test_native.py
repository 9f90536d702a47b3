import pytest

from assistant.mining.languages.cmake import find_cmake
from assistant.mining.languages.compilers import find_compilers, find_linkers
from assistant.mining.languages.gtest import find_gtest
from assistant.mining.languages.native import find_native

NINJA = """\
[3/9] Building CXX object a.o
FAILED: a.o
/usr/bin/c++ -O2 -c a.cc
In file included from a.cc:1:
a.h: In function 'int f()':
a.h:12:5: error: 'x' was not declared in this scope
   12 |   x;
      |   ^
a.h:3:1: note: declared here
b.c:3:1: warning: unused
[4/9] Building CXX object b.o
"""


def test_an_error_of_gcc_is_told_with_its_command_and_its_notes(told) -> None:
    (one,) = told(find_compilers, NINJA)
    assert (one.lines, one.message, one.ours, one.phase) == ("2-9", "'x' was not declared in this scope", ["a.h:12"], "collection")


@pytest.mark.parametrize(
    ("text", "code", "message", "ours", "language"),
    [
        (
            "b.c:4:1: error: unused variable 'y' [-Werror=unused-variable]\ncc1: all warnings being treated as errors\n",
            "-Werror=unused-variable",
            "unused variable 'y' [-Werror=unused-variable]",
            ["b.c:4"],
            "c++",
        ),
        (
            "d.c:1:10: fatal error: foo.h: No such file or directory\n #include <foo.h>\n          ^~~~~~~\ncompilation terminated.\n",
            "",
            "foo.h: No such file or directory",
            ["d.c:1"],
            "c++",
        ),
        (
            'a.py:69: error: Module has no attribute "x"  [attr-defined]\n',
            "attr-defined",
            'Module has no attribute "x"  [attr-defined]',
            ["a.py:69"],
            "python",
        ),
        ("C:\\w\\a.cpp(12): error C2065: 'x': undeclared identifier\n", "C2065", "'x': undeclared identifier", ["C:\\w\\a.cpp:12"], "c++"),
        ("LINK : fatal error LNK1181: cannot open input file 'x.lib'\n", "LNK1181", "cannot open input file 'x.lib'", [], "c++"),
        ("Program.cs(12,5): error CS0103: No x [/w/a.csproj]\n", "CS0103", "No x", ["Program.cs:12"], "csharp"),
        ('k.cu(3): error: identifier "x" is undefined\n', "", 'identifier "x" is undefined', ["k.cu:3"], "c++"),
    ],
)
def test_compilers_of_both_manners_are_read(told, text: str, code: str, message: str, ours: list[str], language: str) -> None:
    (one,) = told(find_compilers, text)
    assert (one.exception, one.message, one.ours, one.language, one.phase) == (code, message, ours, language, "collection")


def test_an_error_that_msbuild_repeats_at_its_end_is_told_once(told) -> None:
    error = "Program.cs(12,5): error CS0103: No x [/w/a.csproj]\n"
    assert len(told(find_compilers, f"{error}Build FAILED.\n{error}    1 Error(s)\n")) == 1


def test_compilers_that_run_side_by_side_each_keep_their_lines(told) -> None:
    text = "a.c: In function 'f':\na.c:1:2: error: x\nb.c:5:6: error: y\nmake[1]: *** [a.o] Error 1\n    3 | z\n"
    assert [(one.lines, one.message) for one in told(find_compilers, text)] == [("1-2", "x"), ("3-3", "y")]


@pytest.mark.parametrize(
    "text",
    [
        "b.c:3:1: warning: unused\n",
        "log: error: nothing\n",
        "make: *** [x] Error 2\n",
        "10:00:01: error: late\n",
        "error MSB3073: The command exited with code 1\n",
    ],
)
def test_warnings_and_consequences_are_no_compile_errors(told, text: str) -> None:
    assert told(find_compilers, text) == []


@pytest.mark.parametrize(
    ("text", "lines", "message"),
    [
        (
            "/usr/bin/ld: main.o: in function `main':\nmain.c:(.text+0x5): undefined reference to `foo'\n/usr/bin/ld: main.c:(.text+0xa): undefined reference to `bar'\ncollect2: error: ld returned 1 exit status\nmake: *** [app] Error 1\n",
            "1-4",
            "undefined reference to `foo'",
        ),
        (
            'Undefined symbols for architecture arm64:\n  "_foo", referenced from:\n      _main in main.o\nld: symbol(s) not found for architecture arm64\nclang: error: linker command failed\n',
            "1-5",
            'Undefined symbols for architecture arm64:\n"_foo", referenced from:',
        ),
        ("/usr/bin/ld: cannot find -lfoo\ncollect2: error: ld returned 1 exit status\n", "1-2", "cannot find -lfoo"),
        ("ld.lld: error: undefined symbol: foo\n>>> referenced by main.c:5\n", "1-2", "undefined symbol: foo"),
    ],
)
def test_a_failed_link_is_one_failure(told, text: str, lines: str, message: str) -> None:
    (one,) = told(find_linkers, text)
    assert (one.lines, one.message, one.phase) == (lines, message, "collection")


def test_cmake_tells_its_message_and_the_calls_that_led_to_it(told) -> None:
    text = (
        "CMake Error at CMakeLists.txt:12 (find_package):\n  Could not find a package\n\n  Add the path\n\n"
        "Call Stack (most recent call first):\n  cmake/x.cmake:3 (macro)\n\n\n-- Configuring incomplete, errors occurred!\n"
    )
    (one,) = told(find_cmake, text)
    assert (one.lines, one.exception, one.message) == ("1-7", "CMake Error", "Could not find a package\n\nAdd the path")
    assert one.ours == ["cmake/x.cmake:3", "CMakeLists.txt:12"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("make: *** No rule to make target 'x', needed by 'y'.  Stop.\n", "No rule to make target 'x', needed by 'y'.  Stop."),
        ("Makefile:3: *** missing separator.  Stop.\n", "missing separator.  Stop."),
        (
            "ninja: error: 'x', needed by 'y', missing and no known rule to make it\n",
            "'x', needed by 'y', missing and no known rule to make it",
        ),
        ("configure: error: no acceptable C compiler found in $PATH\n", "no acceptable C compiler found in $PATH"),
        ('[1/2] Scan\nFAILED: [code=127] a.ddi\n"SCAN" -f\n/bin/sh: 1: SCAN: not found\n[2/2] Link\n', "/bin/sh: 1: SCAN: not found"),
    ],
)
def test_build_tools_tell_their_own_errors(told, text: str, message: str) -> None:
    (one,) = told(find_cmake, text)
    assert (one.message, one.phase) == (message, "collection")


@pytest.mark.parametrize(
    "text", ["make: *** [Makefile:3: app] Error 1\n", "make[2]: *** [x] Error 2\n", "ninja: build stopped: subcommand failed.\n"]
)
def test_that_a_step_failed_is_left_to_the_step(told, text: str) -> None:
    assert told(find_cmake, text) == []


@pytest.mark.parametrize(
    ("text", "lines", "exception", "message", "ours"),
    [
        (
            "=====\n==12==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x60\nREAD of size 4\n    #0 0x4f in main /w/a.cc:12:3\n"
            "    #1 0x7f in start ../sysdeps/x.c:308\n\n0x60 is located\n    #0 0x4 in malloc /compiler-rt/asan.cc:1\n\n"
            "SUMMARY: AddressSanitizer: heap-buffer-overflow /w/a.cc:12:3 in main\nShadow bytes\n==12==ABORTING\n",
            "1-12",
            "AddressSanitizer: heap-buffer-overflow",
            "heap-buffer-overflow on address 0x60",
            ["/w/a.cc:12"],
        ),
        ("a.cc:3:5: runtime error: signed integer overflow\n", "1-1", "runtime error", "signed integer overflow", ["a.cc:3"]),
        ("app: src/a.c:12: f: Assertion `x > 0' failed.\nAborted (core dumped)\n", "1-1", "Assertion", "x > 0", ["src/a.c:12"]),
        (
            "terminate called after throwing an instance of 'std::runtime_error'\n  what():  boom\nAborted\n",
            "1-3",
            "std::runtime_error",
            "boom",
            [],
        ),
        (
            "./run.sh: line 3: 1234 Segmentation fault      (core dumped) ./x\n",
            "1-1",
            "Segmentation fault",
            "./run.sh: line 3: 1234 Segmentation fault      (core dumped) ./x",
            [],
        ),
    ],
)
def test_what_stopped_a_program_is_told(told, text: str, lines: str, exception: str, message: str, ours: list[str]) -> None:
    (one,) = told(find_native, text)
    assert (one.lines, one.exception, one.message, one.ours) == (lines, exception, message, ours)


@pytest.mark.parametrize(
    "text", ["Fatal Python error: Segmentation fault\n", "+ echo Segmentation fault\n", "SUMMARY: AddressSanitizer: 1 byte leaked\n"]
)
def test_what_others_tell_of_crashes_is_left_to_them(told, text: str) -> None:
    assert told(find_native, text) == []


@pytest.mark.parametrize(
    ("text", "lines", "test_id", "message", "ours"),
    [
        (
            "[ RUN      ] FooTest.Bar\n/w/foo_test.cc:12: Failure\nExpected equality:\n  a\n[  FAILED  ] FooTest.Bar (0 ms)\n"
            "[  FAILED  ] 1 test, listed below:\n[  FAILED  ] FooTest.Bar\nThe following tests FAILED:\n\t  3 - foo (Failed)\n",
            "1-5",
            "FooTest.Bar",
            "Expected equality:\na",
            ["/w/foo_test.cc:12"],
        ),
        (
            f"{'-' * 79}\nVectors can be sized\n{'-' * 79}\ntest.cpp:10\n{'.' * 79}\n\ntest.cpp:14: FAILED:\n  REQUIRE( a == b )\nwith expansion:\n  1 == 2\n",
            "1-10",
            "Vectors can be sized",
            "REQUIRE( a == b )\nwith expansion:\n  1 == 2",
            ["test.cpp:14"],
        ),
        ('t.cpp(12): error: in "suite/test": check a == b has failed\n', "1-1", "suite/test", "check a == b has failed", ["t.cpp:12"]),
        (
            "TEST CASE:  sums\n\nt.cpp(4): ERROR: CHECK( a == b ) is NOT correct!\n  values: CHECK( 1 == 2 )\n\n",
            "3-4",
            "sums",
            "CHECK( a == b ) is NOT correct!\nvalues: CHECK( 1 == 2 )",
            ["t.cpp:4"],
        ),
        (
            " 3/10 Test #3: foo ...***Failed    0.01 sec\nboom\n\nThe following tests FAILED:\n\t  3 - foo (Failed)\n",
            "1-2",
            "foo",
            "boom",
            [],
        ),
        ("The following tests FAILED:\n\t  4 - bar (SEGFAULT)\n", "2-2", "bar", "SEGFAULT", []),
    ],
)
def test_failed_tests_of_c_and_cpp_are_told_once(told, text: str, lines: str, test_id: str, message: str, ours: list[str]) -> None:
    (one,) = told(find_gtest, text)
    assert (one.lines, one.test_id, one.message, one.ours, one.phase) == (lines, test_id, message, ours, "call")
