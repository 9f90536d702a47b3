"""Lenses on order and time: what earlier steps left behind, what happens at once, what takes too long."""

from assistant.drafting.playbook.facts import Facts
from assistant.drafting.playbook.lenses.common import again, quotes, where
from assistant.drafting.playbook.pattern import find
from assistant.drafting.playbook.proposal import Asked, Proposal

LEFT_BEHIND = r"(?i)already exists|duplicate key|already registered|already defined|is closed|already closed|already in use|not empty|already started|has been closed|already been|address already in use"
TIMEOUT = r"(?i)timed out|time ?out (?:expired|exceeded|reached|error|waiting|after|>)|backoff time-?out|(?:max(?:imum)?|run) (?:run |execution )?time(?: limit)? (?:exceeded|reached)|exceeded the (?:maximum|time)|deadline exceeded|took too long"
LOOP = r"(?i)event loop|different loop|no running|never awaited|coroutine|no current event"
LOCK = r"deadlock|lock timeout|lock not available|could not obtain lock|database is locked|could not acquire|state lock|lock wait"


def state(facts: Facts) -> Proposal | None:
    """State that an earlier test, run or fixture left."""
    failure = facts.failure
    if not failure.test_id or failure.phase == "collection":
        return None
    left = find(LEFT_BEHIND, facts.messages)
    around = failure.phase in {"setup", "teardown"}
    score = 2.2 + (3.8 if left else 0.0) + (2.3 if around else 0.0) + (0.3 if failure.count > 1 else 0.0)
    when = f"The failure is in the {failure.phase} of the test, not in its body. " if around else ""
    return Proposal(
        key="state",
        score=score,
        theory=(
            f"{when}What an earlier test, fixture or run left behind (rows, files, connections, patched objects, module-level state) meets {where(facts) or 'this test'}, "
            "which expects a clean start."
        ),
        quotes=quotes(facts, left[0] if left else ""),
        test=f"{again(facts)} alone in a fresh process, then together with the tests that ran before it, in their usual order.",
        if_true="It passes alone and fails after the others.",
        if_false="It fails alone too; then no other test is needed for the failure.",
        solution="Give each test its own data and undo changes in the fixture that made them, also when the test fails.",
        asked=Asked(
            technical=(f"Which fixture or earlier test changes what `{failure.test_id}` starts from?",)
            if "`" not in failure.test_id
            else (),
            architecture=(f"How are the tests that share state with `{failure.test_id}` isolated from each other?",)
            if around and "`" not in failure.test_id
            else (),
        ),
    )


def timeout(facts: Facts) -> Proposal | None:
    """Something that waits for ever or too long."""
    found = find(TIMEOUT, facts.failure.message) or find(TIMEOUT, facts.messages)
    if found is None or facts.names & {"AssertionError"}:
        return None
    return Proposal(
        key="timeout",
        score=6.0,
        theory=(
            f"{where(facts) or 'The failing step'} waits for something that is held or never comes (a connection that is not given back, a lock, an answer, a job nobody runs); "
            "the timeout only ends the waiting."
        ),
        quotes=quotes(facts, found[0]),
        test=f"{again(facts, '-x -o faulthandler_timeout=10')} and read in the dumped stacks what each thread or task waits for.",
        if_true="One stack holds the resource that another one waits for, or the awaited partner does not run.",
        if_false="All stacks make progress; then the limit is too short for the load or the machine.",
        solution="Release the resource on every path (context manager, `finally`), start what is awaited, or set the limit by measurement.",
        asked=Asked(
            primary=(f"What holds the resource that `{facts.exception or found[0]}` waits for?",),
            architecture=(f"Who owns the resource behind `{facts.exception or found[0]}`, and where does its life end?",),
        ),
    )


def loop(facts: Facts) -> Proposal | None:
    """Asynchronous objects used outside their event loop."""
    found = find(LOOP, facts.messages)
    if found is None:
        return None
    return Proposal(
        key="loop",
        score=6.5,
        theory=(
            f"An asynchronous object (connection, client, lock, task) is used in another event loop than the one it was made in, or {where(facts) or 'the code'} calls a coroutine without awaiting it: "
            "a fixture or module-level object outlives the loop of one test."
        ),
        quotes=quotes(facts, found[0]),
        test=f"{again(facts)} alone, and print `id(asyncio.get_running_loop())` where the object is made and where it is used.",
        if_true="It passes alone, or the two numbers differ.",
        if_false="The same loop is printed; then the object was closed or never awaited.",
        solution="Make and close the object in the scope of the loop that uses it, or give fixtures and tests one loop scope.",
        asked=Asked(
            primary=("In which scope is the object made that fails with `" + found[0] + "`, and which loop runs the code that uses it?",),
            architecture=("Which scope should own asynchronous resources, given the error `" + (facts.exception or found[0]) + "`?",),
        ),
    )


def lock(facts: Facts) -> Proposal | None:
    """A lock that somebody else holds."""
    found = find(f"(?i){LOCK}", facts.messages)
    if found is None:
        return None
    return Proposal(
        key="lock",
        score=6.5,
        theory=(
            f"Another session or process still holds the lock that {where(facts) or 'this step'} wants: a transaction that was never ended (an abandoned connection, a test that failed half-way), "
            "or two that take the same locks in different order."
        ),
        quotes=quotes(facts, found[0]),
        test="While it waits, list the holders: for PostgreSQL `SELECT pid, state, query FROM pg_stat_activity WHERE state <> 'idle'`; for other stores, the lock's owner record.",
        if_true="A session that should have ended is listed, idle in transaction or from an earlier step.",
        if_false="No other holder is listed; then the limit is too short for the work done under the lock.",
        solution="End the transaction or release the lock on every path, also after an error, before the next step starts.",
        asked=Asked(
            primary=(f"Which session or process holds the lock when `{facts.exception or found[0]}` is raised, and why has it not ended?",)
        ),
    )
