"""A test that failed is run again by its own runner."""

from dataclasses import replace

import pytest

from assistant.drafting.playbook.facts import facts_of
from assistant.drafting.playbook.running import run_again


@pytest.mark.parametrize(
    ("language", "test", "text", "command"),
    [
        ("python", "tests/a.py::test_b[x y]", "", "python -m pytest -x 'tests/a.py::test_b[x y]'"),
        ("python", "tests.a.TestB.test_c", "", "python -m unittest tests.a.TestB.test_c"),
        ("text", "tests/a.py::test_b", "", "python -m pytest -x tests/a.py::test_b"),
        ("go", "TestCart/empty", "", "go test -count=1 -run '^TestCart$/^empty$' ./..."),
        ("rust", "cart::tests::empty", "", "cargo test cart::tests::empty"),
        ("rust", "cart::tests::empty", "cargo-nextest 0.9", "cargo nextest run cart::tests::empty"),
        ("java", "com.shop.CartTest.empty", "[INFO] Scanning", "mvn test -Dtest='CartTest#empty'"),
        ("java", "empty(com.shop.CartTest)", "[INFO] Scanning", "mvn test -Dtest='CartTest#empty'"),
        ("java", "com.shop.CartTest.empty", "> Task :test FAILED", "./gradlew test --tests com.shop.CartTest.empty"),
        ("java", "Suite > com.shop.CartTest.empty[0: a]", "", "./gradlew test --tests 'com.shop.CartTest.empty*'"),
        ("javascript", "cart › is empty", "PASS (jest)", "npx jest -t 'cart › is empty'"),
        ("typescript", "cart is empty", "RUN  vitest", "npx vitest run -t 'cart is empty'"),
        ("csharp", "Shop.CartTests.Empty", "", "dotnet test --filter 'FullyQualifiedName~Shop.CartTests.Empty'"),
        ("php", "CartTest::testEmpty", "", "vendor/bin/phpunit --filter CartTest::testEmpty"),
        ("ruby", "Cart is empty", "bundle exec rspec", "bundle exec rspec -e 'Cart is empty'"),
        ("c++", "Cart.Empty", "", "ctest --output-on-failure -R Cart.Empty"),
        ("mozharness", "/fs/x.html", "", ""),
        ("java", "", "", ""),
    ],
)
def test_the_command_is_that_of_the_runner(case, language, test, text, command):
    facts = facts_of(case)
    failure = replace(facts.failure, language=language, test_id=test)
    facts = facts._replace(case=replace(facts.case, failure=failure), text=text)
    assert run_again(facts, "-x") == command
