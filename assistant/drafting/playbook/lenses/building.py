"""Lenses on steps that build, fetch and check: compilers, package servers, signals, linters."""

from assistant.drafting.playbook.facts import Facts
from assistant.drafting.playbook.lenses.common import quotes
from assistant.drafting.playbook.lenses.surroundings import HTTP_ERRORS
from assistant.drafting.playbook.pattern import find
from assistant.drafting.playbook.proposal import Asked, Proposal
from assistant.drafting.playbook.quoting import distinct, quote_of
from assistant.drafting.playbook.wording import clean

COMPILE = (
    r"cannot find symbol|undeclared|no matching function|does not name a type|has no member|is not a member of|incompatible types|implicit declaration"
    r"|No such module|unresolved import|cannot find type|error TS\d{1,5}|mismatched types|undefined: |does not refer to|not declared in this scope|COMPILATION ERROR|unknown type name"
)
DOWNLOAD = (
    r"(?i)could not resolve dependencies|could not find artifact|404 not found|failed to download|could(?:n.t| not) download|unable to download|could not fetch|failed to fetch|no matching package"
    r"|error downloading|download failed|checksum mismatch|hash mismatch|expected size is|content length mismatch"
    r"|unable to find a match|nothing provides|unable to locate package|not found in registry|manifest unknown|could not transfer"
)
CRASH = r"(?i)segmentation fault|segfault|sigsegv|sigabrt|sigbus|sigill|sigfpe|access violation|exit code 13[249]|error 13[249]\b|core dumped|fatal python error|bus error|double free|illegal instruction"
STOPPED = r"(?i)SIGINT|SIGTERM|SIGKILL|operation was cancell?ed|run was cancell?ed|\bkilled\b|exit code 14[03]|exit code 137|aborted by|(?:was|process|been|signal|job|run) terminated|terminated by|^terminated\b"
ENDED = frozenset({"KeyboardInterrupt", "SystemExit", ""})
CHECK = r"(?i)\blint(?:er)?\b|would reformat|code style|checkstyle|formatting|flake8|eslint|clang-format|style check"


def compiled_against(facts: Facts) -> Proposal | None:
    """Source that does not fit the interface it is compiled against."""
    found = find(COMPILE, facts.error)
    if found is None or facts.failure.language == "python":
        return None
    told = clean(found[0])
    return Proposal(
        key="compile",
        score=5.5,
        theory=(
            f"The source does not fit the interface it is compiled against (`{told}`): a header, library, generated file or compiler version is another one than the code was written for, "
            "or one side of an interface was changed without the other."
        ),
        quotes=quotes(facts, found[0]),
        test="Compile only the first file that is reported, with the compiler and dependency versions of the last green build.",
        if_true="With the older versions it compiles: one of them changed the interface.",
        if_false="It fails there too: a change of the sources broke it.",
        solution="Bring both sides of the interface together, and pin compiler and dependencies.",
        asked=Asked(
            primary=(f"Which side of the interface behind `{told}` changed: the source, a dependency or the compiler?",),
            technical=(f"Since which version does the compiler or library refuse it with `{told}`?",),
        ),
    )


def download(facts: Facts) -> Proposal | None:
    """A package or file that cannot be fetched."""
    found = find(DOWNLOAD, facts.error)
    if found is None or facts.names & HTTP_ERRORS:
        return None
    told = clean(found[0])
    return Proposal(
        key="download",
        score=6.0,
        theory=(
            "Something that the build fetches is not available under that name and version: it was removed, renamed, never published for this platform, or the server refuses or is out of reach from here; "
            "the code itself did not change."
        ),
        quotes=quotes(facts, found[0]),
        test="Fetch the named file or package by hand from the failing environment and from another network.",
        if_true="It cannot be had from either: name, version or address is out of date.",
        if_false="It can be had elsewhere: network, proxy or credentials of this environment are the cause.",
        solution="Correct name, version or source, or keep a copy (mirror, cache) of what the build needs.",
        asked=Asked(
            primary=(f"Is the file or package still published that ends in `{told}`?",),
            architecture=(f"Should the build depend on that server at all, given `{told}`?",),
        ),
    )


def crash(facts: Facts) -> Proposal | None:
    """A process that died in native code."""
    found = find(CRASH, facts.failure.message) or find(CRASH, facts.error)
    if found is None:
        return None
    told = clean(found[0])
    frame = quote_of(facts, r"^[ \t]{0,8}File \"[^\"\n]{1,300}\", line \d{1,7} in [^\n]{1,200}|^#[01]\s[^\n]{1,300}")
    return Proposal(
        key="crash",
        score=6.5,
        theory=(
            f"Native code died (`{told}`), not the program's own logic: a compiled extension or a call into a C library (`ctypes`, a driver, a codec) got an invalid pointer, object or thread, "
            "or was built against another version than the one it is loaded with."
        ),
        quotes=distinct([*quotes(facts, found[0]), frame]),
        test="Run the failing command with `python -X faulthandler` (for other programs under `gdb -batch -ex run -ex bt --args …`) and read the innermost frame; then list the compiled packages and their versions.",
        if_true="The innermost frame lies in one library each time, and another release or a rebuild of it does not crash.",
        if_false="The frames differ from run to run; then memory was damaged earlier, or it ran out.",
        solution="Move that library to a build made for this interpreter and system, or keep the argument that kills it away from it.",
        asked=Asked(
            primary=(f"Which compiled library does the innermost frame of `{told}` lie in, and which call of ours leads there?",),
            technical=(f"Against which versions was that library built, and can a mismatch end in `{told}`?",),
            architecture=(f"Should that call run in a process of its own, so that `{told}` cannot end the whole run?",),
            queries=(f"{told} python compiled extension faulthandler innermost frame",)
            if facts.failure.language == "python" or frame
            else (f"{told} backtrace native library version mismatch",),
        ),
    )


def crash_by_input(facts: Facts) -> Proposal | None:
    """A crash that one input or call brings about."""
    found = find(CRASH, facts.failure.message) or find(CRASH, facts.error)
    if found is None:
        return None
    ours = quote_of(
        facts, r"^[ \t]{0,8}File \"(?![^\"\n]{0,300}(?:site-packages|lib/python))[^\"\n]{1,300}\", line \d{1,7} in [^\n]{1,200}"
    )
    return Proposal(
        key="crash-by-input",
        score=4.5,
        theory=(
            "One particular input or call brings the crash about: an empty or very large value, a null pointer or a released object that is handed to native code, a recursion without end, or use from two threads at once."
        ),
        quotes=distinct([*quotes(facts), ours]),
        test="Print (and flush) the input just before each step, and run the last one alone; then run it with half of the input, and with one thread.",
        if_true="The same input crashes each time and others do not.",
        if_false="Any input crashes; then the library or its build is the cause.",
        solution="Check that input before it reaches native code, or correct the call.",
        asked=Asked(primary=(f"Which input is being worked on when the log says `{clean(found[0])}`?",)),
    )


def stopped(facts: Facts) -> Proposal | None:
    """A run that was ended from outside."""
    found = find(STOPPED, facts.failure.message) or find(STOPPED, facts.error[-4000:])
    if found is None or facts.failure.test_id or (facts.ours and facts.exception not in ENDED):
        return None
    told = clean(found[0])
    return Proposal(
        key="stopped",
        score=5.2,
        theory=(
            f"The run did not fail by itself: it was ended from outside (`{told}`), by a person, a newer run, a time limit of the job, or the system for lack of memory."
        ),
        quotes=quotes(facts, found[0]),
        test="Look in the job's history for a cancellation or limit at that time, and in the machine's log for the out-of-memory killer.",
        if_true="A cancellation, limit or kill is recorded at that second.",
        if_false="Nothing is recorded; then the process ended another one or itself.",
        solution="Run it again if it was cancelled; otherwise raise the limit that ended it, or make the step smaller.",
        asked=Asked(primary=(f"Who or what sent `{told}` to the run?",)),
    )


def style_check(facts: Facts) -> Proposal | None:
    """A linter or formatter that found something."""
    found = find(CHECK, facts.failure.message)
    if found is None or facts.failure.test_id:
        return None
    told = clean(found[0])
    return Proposal(
        key="style",
        score=5.0,
        theory=(
            "A style or lint check found something in the changed files, or the tool itself moved: an unpinned newer version has rules that the code was never checked with."
        ),
        quotes=quotes(facts, found[0]),
        test="Run the same check, with the version that the log names, on the last green commit.",
        if_true="It fails there too: the tool or its rules changed.",
        if_false="It passes: the new change breaks a rule.",
        solution="Mend what the check reports; pin the tool's version.",
        asked=Asked(primary=(f"Which file and rule does the check behind `{told}` report first?",)),
    )
