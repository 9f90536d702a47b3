import pytest

from assistant.mining.languages.ruby import find_ruby

RSPEC = """\
Failures:

  1) Cart adds up
     Failure/Error: expect(a).to eq(3)

       expected: 3
            got: 2
     # ./spec/cart_spec.rb:5:in `block (2 levels) in <top (required)>'

  2) Cart raises
     Failure/Error: cart.boom

     NoMethodError:
       undefined method `boom' for nil
     # ./lib/cart.rb:9:in `x'
     # /usr/local/bundle/gems/rspec-core-3/lib/rspec.rb:3:in `run'

Finished in 0.1 seconds

Failed examples:

rspec ./spec/cart_spec.rb:4 # Cart adds up
rspec ./spec/cart_spec.rb:8 # Cart raises
"""


def test_rspec_tells_each_example_once(told) -> None:
    first, second = told(find_ruby, RSPEC)
    assert (first.lines, first.test_id, first.phase, first.ours) == ("3-8", "Cart adds up", "call", ["./spec/cart_spec.rb:5"])
    assert first.message == "expected: 3\n     got: 2"
    assert (second.exception, second.message) == ("NoMethodError", "undefined method `boom' for nil")
    assert (second.ours, second.libraries) == (["./lib/cart.rb:9"], ["/usr/local/bundle/gems/rspec-core-3/lib/rspec.rb:3"])


@pytest.mark.parametrize(
    ("text", "test_id", "exception", "message", "phase"),
    [
        (
            "An error occurred while loading ./spec/b_spec.rb.\nFailure/Error: require 'nope'\n\nLoadError:\n  cannot load such file -- nope\n# ./spec/b_spec.rb:1:in `require'\n",
            "./spec/b_spec.rb",
            "LoadError",
            "cannot load such file -- nope",
            "collection",
        ),
        (
            "  1) Failure:\nCartTest#test_add [test/cart_test.rb:8]:\nExpected: 3\n  Actual: 2\n\n",
            "CartTest#test_add",
            "",
            "Expected: 3\nActual: 2",
            "call",
        ),
        (
            "  2) Error:\nCartTest#test_b:\nRuntimeError: boom\n    lib/cart.rb:3:in `b'\n    test/cart_test.rb:12:in `test_b'\n\n",
            "CartTest#test_b",
            "RuntimeError",
            "boom",
            "call",
        ),
        (
            "app.rb:3:in `foo': undefined local variable (NameError)\n\tfrom app.rb:7:in `<main>'\n",
            "",
            "NameError",
            "undefined local variable",
            "",
        ),
        (
            "rake aborted!\nActiveRecord::NoDatabaseError: no database\n/w/db.rb:3:in `x'\nTasks: TOP => db:migrate\n",
            "",
            "ActiveRecord::NoDatabaseError",
            "no database",
            "",
        ),
        (
            "ActiveRecord::RecordNotFound (no user):\n\napp/controllers/u.rb:12:in `show'\n",
            "",
            "ActiveRecord::RecordNotFound",
            "no user",
            "",
        ),
        (
            "bundle install\nCould not find rake-13.0 in any of the sources\n",
            "",
            "",
            "Could not find rake-13.0 in any of the sources",
            "collection",
        ),
    ],
)
def test_other_failures_of_ruby_are_told(told, text: str, test_id: str, exception: str, message: str, phase: str) -> None:
    (one,) = told(find_ruby, text)
    assert (one.test_id, one.exception, one.message, one.phase) == (test_id, exception, message, phase)


@pytest.mark.parametrize("text", ["Failures:\n\nnone\n", "app.rb:3: warning: unused\n", "I, [2024] INFO -- : a.rb:3 loaded\n"])
def test_warnings_and_records_are_no_failures(told, text: str) -> None:
    assert told(find_ruby, text) == []
