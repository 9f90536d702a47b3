import pytest

from assistant.mining.languages.csharp import find_csharp

REPORT = """\
[xUnit.net 00:00:01.23]     Shop.Cart.Adds [FAIL]
[xUnit.net 00:00:01.23]       Assert.Equal() Failure
[xUnit.net 00:00:01.23]       Stack Trace:
  Failed Shop.Cart.Adds [12 ms]
  Error Message:
   Assert.Equal() Failure
Expected: 1
  Stack Trace:
     at Shop.Cart.Adds() in /w/Cart.cs:line 12
   at System.RuntimeMethodHandle.Invoke(Object)

  Failed Shop.Cart.Throws [1 ms]
  Error Message:
   System.InvalidOperationException : outer
---- System.NullReferenceException : inner
  Stack Trace:
     at Shop.Cart.Throws() in /w/Cart.cs:line 20

Failed!  - Failed:     2, Passed:     1
"""


def test_dotnet_test_tells_each_test_once(told) -> None:
    first, second = told(find_csharp, REPORT)
    assert (first.lines, first.test_id, first.phase) == ("4-10", "Shop.Cart.Adds", "call")
    assert (first.message, first.ours) == ("Assert.Equal() Failure\nExpected: 1", ["/w/Cart.cs:12"])
    assert (second.test_id, second.message, second.ours) == ("Shop.Cart.Throws", "outer", ["/w/Cart.cs:20"])
    assert second.causes == ["System.NullReferenceException", "System.InvalidOperationException"]


def test_what_xunit_prints_while_it_runs_is_told_where_no_report_follows(told) -> None:
    (one,) = told(find_csharp, "[xUnit.net 00:00:01.23]     Shop.Cart.Adds [FAIL]\n[xUnit.net 00:00:01.23]       Assert.True() Failure\n")
    assert (one.test_id, one.message) == ("Shop.Cart.Adds", "Assert.True() Failure")


def test_nunit_numbers_its_failures(told) -> None:
    text = "1) Failed : Shop.Cart.Adds\n  Expected: 1\n  But was:  2\n   at Shop.Cart.Adds() in /w/Cart.cs:line 3\n\n"
    (one,) = told(find_csharp, text)
    assert (one.test_id, one.message, one.ours) == ("Shop.Cart.Adds", "Expected: 1\nBut was:  2", ["/w/Cart.cs:3"])


@pytest.mark.parametrize(
    "text",
    [
        "Unhandled exception. System.InvalidOperationException: outer\n ---> System.NullReferenceException: inner\n   at A.B.C(String x) in /w/B.cs:line 3\n"
        "   --- End of inner exception stack trace ---\n   at A.B.Main(String[] args) in /w/B.cs:line 9\n",
        "System.InvalidOperationException: outer ---> System.NullReferenceException: inner\n   at A.B.C(String x) in /w/B.cs:line 3\n"
        "   --- End of inner exception stack trace ---\n   at A.B.Main(String[] args) in /w/B.cs:line 9\n",
    ],
)
def test_inner_exceptions_come_first(told, text: str) -> None:
    (one,) = told(find_csharp, text)
    assert one.causes == ["System.NullReferenceException", "System.InvalidOperationException"]
    assert (one.exception, one.message, one.ours) == ("System.InvalidOperationException", "outer", ["/w/B.cs:9"])


def test_a_stack_of_javascript_is_none_of_csharps(told) -> None:
    assert told(find_csharp, "FATAL: TypeError: x is null\n   at Object.next (/w/index.js:933:53)\n") == []
