"""Ruby: RSpec, Minitest, uncaught exceptions, Rails logs, Bundler."""

from collections.abc import Iterator, Sequence

from assistant.evidence import Cause, Failure, Frame
from assistant.mining.languages.scan import MAX_BLOCK, below, message_of, past_blanks, read_frames, span_end, unexplained
from assistant.mining.lines import Log, Taken, frame
from assistant.mining.patterns import Lazy

_FRAME = Lazy(
    r"^\s*(?:# |from |\d{1,4}: from )?((?:[A-Za-z]:)?[^\s:'`]{1,400}?\.(?:rb|rake|ru|erb|haml|slim|jbuilder|gemspec)|[\w./-]{0,300}(?:Rakefile|Gemfile)|\S{1,300}/bin/[\w-]{1,60}):(\d{1,9})(?::in [`'](.{1,200})')?:?$"
)
_CLASS = r"(?:[A-Z]\w{0,100}::){0,10}[A-Z]\w{0,100}"
_NAMED = Lazy(rf"^\s*({_CLASS}):(?: (.*)|)$")
_NUMBERED = Lazy(r"^(\s*)(\d{1,6})\) (\S.{0,1500})$")
_RSPEC = Lazy(r"^\s*(?:Failure/Error:|Got \d{1,4} failures?)")
_RSPEC_LIST = Lazy(r"^rspec (?:'.{1,500}'|\S{1,500}) # ")
_LOADING = Lazy(r"^An error occurred (?:while loading (\S{1,400}?)\.?|in an? `(.{1,60})` hook\.?)$")
_MINITEST = Lazy(r"^\s*\d{1,6}\) (Failure|Error):$")
_RAILS_TEST = Lazy(r"^(Failure|Error):$")
_MINI_TITLE = Lazy(r"^(\S.{0,400}?#\S.{0,400}?)(?: \[(\S.{0,400}?):(\d{1,7})\])?:?$")
_RERUN = Lazy(r"^(?:bin/|bundle exec )?(?:rails|rake) test \S{1,400}")
_UNCAUGHT = Lazy(rf"^(?:.{{0,60}}?: )?((?:[A-Za-z]:)?[^\s:]{{1,400}}):(\d{{1,7}}):in [`'](.{{1,200}})': (.*) \(({_CLASS})\)$")
_UNCAUGHT_OPEN = Lazy(r"^((?:[A-Za-z]:)?[^\s:]{1,400}\.rb):(\d{1,7}):in [`'](.{1,200})': (.*)$")
_REQUEST = Lazy(rf"^(?:\[[0-9a-f-]{{1,60}}\] )?({_CLASS}) \((.{{1,2000}})\):$")
_BUNDLER = Lazy(
    r"^(?:Bundler::\w{1,60}: )?(Bundler could not find compatible versions for gem .*|Could not find (?:compatible versions|gem .*|\S{1,200} in .*)|Your Ruby version is .*|An error occurred while installing .*"
    r"|Because .{1,400}|The gemspec at .*|You must use Bundler .*|Gem::Ext::BuildError: .*|ERROR: Failed to build gem native extension\.?|There was an error parsing `Gemfile`: .*)$"
)


def read_frame(line: str) -> Frame | None:
    """One `# ./path.rb:12:in 'method'` or `from path.rb:12:in 'method'`."""
    match = _FRAME.match(line) if ":" in line else None
    return frame(match.group(1), int(match.group(2)), match.group(3) or "") if match else None


def find_ruby(log: Log, taken: Taken) -> Iterator[Failure]:
    """The failures of Ruby's test frameworks, programs and package manager."""
    if "Failure/Error:" in log.text or "An error occurred " in log.text:
        yield from _rspec(log, taken)
    yield from _minitest(log, taken)
    if ".rb" in log.text or "rake aborted!" in log.text:
        yield from _uncaught(log, taken)
        yield from _logged(log, taken)
    if "undle" in log.text or "gem" in log.text:
        yield from _bundler(log, taken)


def _rspec(log: Log, taken: Taken) -> Iterator[Failure]:
    lines, found = log.bare, False
    for index in unexplained(log, taken, "Failure/Error:"):
        start = next((at for at in range(index - 1, max(-1, index - 6), -1) if _NUMBERED.match(lines[at])), None)
        title = _NUMBERED.match(lines[start]) if start is not None else None
        if start is None or title is None or not _RSPEC.match(lines[index]) or start in taken:
            continue
        found = True
        depth = len(title.group(1))
        end = span_end(lines, index + 1, below(depth), index + MAX_BLOCK)
        taken.take(start, end)
        cause = _expectation(lines[index:end])
        yield log.failure((start, end), (*_caused(lines[index:end]), cause), language="ruby", test_id=title.group(3).strip(), phase="call")
    for index in unexplained(log, taken, "An error occurred "):
        if match := _LOADING.match(lines[index]):
            end = span_end(lines, index + 1, lambda line: bool(line.strip()) or False, index + 4)
            end = span_end(lines, past_blanks(lines, end), lambda line: bool(line.strip()), index + 200)
            end = (
                end
                if any(read_frame(line) for line in lines[index:end])
                else span_end(lines, past_blanks(lines, end), lambda line: bool(line.strip()), index + 200)
            )
            taken.take(index, end)
            phase = "collection" if match.group(1) else "setup" if "before" in match.group(2) else "teardown"
            yield log.failure(
                (index, end), (_expectation(lines[index + 1 : end]),), language="ruby", test_id=match.group(1) or "", phase=phase
            )
    if found:
        for index in unexplained(log, taken, "rspec "):
            taken.take(index, index + 1 if _RSPEC_LIST.match(lines[index]) else index)


def _expectation(body: Sequence[str]) -> Cause:
    """Exception, message and frames of a block: the code that failed stands first, blank line or not behind it."""
    frames = read_frames(body, read_frame)
    stop = next((index for index, line in enumerate(body) if read_frame(line)), len(body))
    start = next((index + 1 for index, line in enumerate(body[:stop]) if "Failure/Error:" in line), 0)
    told = list(body[start:stop])
    named = next((index for index, line in enumerate(told) if _NAMED.match(line)), None)
    if named is not None:
        match = _NAMED.match(told[named])
        return Cause(match.group(1) if match else "", message_of([(match.group(2) or "") if match else "", *told[named + 1 :]]), frames)
    blank = next((index for index, line in enumerate(told) if not line.strip()), 0)
    return Cause("", message_of(told[blank:]) or message_of(told), frames)


def _caused(body: Sequence[str]) -> tuple[Cause, ...]:
    """What RSpec tells as the cause of an exception."""
    starts = [index for index, line in enumerate(body) if line.strip() == "# --- Caused by: ---"]
    parts = [[line.lstrip().removeprefix("# ") for line in body[first + 1 :]] for first in starts]
    return tuple(reversed([_expectation(part) for part in parts]))


def _minitest(log: Log, taken: Taken) -> Iterator[Failure]:
    lines = log.bare
    for index in unexplained(log, taken, "Failure:", "Error:"):
        match = _MINITEST.match(lines[index]) or _RAILS_TEST.match(lines[index])
        title = _MINI_TITLE.match(lines[index + 1]) if match and index + 1 < len(lines) else None
        if match is None or title is None:
            continue
        end = span_end(lines, index + 2, lambda line: bool(line.strip()), index + 200)
        rerun = past_blanks(lines, end)
        stop = rerun + 1 if rerun < len(lines) and _RERUN.match(lines[rerun]) else end
        body = lines[index + 2 : end]
        at = next((number for number, line in enumerate(body) if read_frame(line)), len(body))
        named = _NAMED.match(body[0]) if body and match.group(1) == "Error" else None
        message = message_of([named.group(2) or "", *body[1:at]] if named else body[:at])
        frames = read_frames(body, read_frame) or ((frame(title.group(2), int(title.group(3))),) if title.group(2) else ())
        exception = named.group(1) if named else "Minitest::Assertion" if "Minitest" in log.text else ""
        taken.take(index, stop)
        yield log.failure(
            (index, stop), (Cause(exception, message, frames),), language="ruby", test_id=title.group(1).rstrip(":"), phase="call"
        )


def _uncaught(log: Log, taken: Taken) -> Iterator[Failure]:
    """`path:12:in 'method': message (Class)` and what `rake aborted!` says."""
    lines = log.bare
    for index in unexplained(log, taken, ":in `", ":in '"):
        match = _UNCAUGHT.match(lines[index])
        if match is None:
            continue
        end = span_end(lines, index + 1, lambda line: read_frame(line) is not None and line[:1].isspace())
        path, number, function, message, exception = match.groups()
        frames = (*read_frames(lines[index + 1 : end], read_frame), frame(path, int(number), function))
        taken.take(index, end)
        yield log.failure((index, end), (Cause(exception, message, frames),), language="ruby")
    for index in unexplained(log, taken, "rake aborted!", "rails aborted!"):
        end = span_end(lines, index + 1, lambda line: bool(line.strip()) and not line.startswith("Tasks: "), index + 200)
        if end == index + 1:
            continue
        at = next((number for number in range(index + 1, end) if read_frame(lines[number])), end)
        named = _NAMED.match(lines[index + 1])
        message = message_of([named.group(2) or "", *lines[index + 2 : at]] if named else lines[index + 1 : at])
        taken.take(index, end)
        cause = Cause(named.group(1) if named else "", message, read_frames(lines[at:end], read_frame))
        yield log.failure((index, end), (cause,), language="ruby")


def _logged(log: Log, taken: Taken) -> Iterator[Failure]:
    """Exceptions of requests in Rails logs, and `Class: message` with frames below."""
    lines, done = log.bare, 0
    for index in unexplained(log, taken, ".rb:"):
        if index < done or read_frame(lines[index]) is None or index == 0:
            continue
        done = end = span_end(lines, index, lambda line: read_frame(line) is not None)
        above = index - 1 if lines[index - 1].strip() else index - 2
        match = (_REQUEST.match(lines[above]) or _NAMED.match(lines[above])) if above >= 0 and above not in taken else None
        if match and match.group(2):
            taken.take(above, end)
            cause = Cause(match.group(1), match.group(2), read_frames(lines[index:end], read_frame))
            yield log.failure((above, end), (cause,), language="ruby")


def _bundler(log: Log, taken: Taken) -> Iterator[Failure]:
    lines, told = log.bare, False
    marks = (
        "Bundler could not",
        "Could not find ",
        "Your Ruby version",
        "An error occurred while installing",
        "Failed to build gem",
        "Gem::Ext::BuildError",
        "error parsing `Gemfile`",
        "You must use Bundler",
    )
    for index in unexplained(log, taken, *marks):
        match = _BUNDLER.match(lines[index])
        if match is None:
            continue
        end = span_end(lines, index + 1, lambda line: bool(line.strip()), index + 40)
        if "native extension" in lines[index]:
            stop = next(
                (at for at in range(index, min(len(lines), index + 200)) if lines[at].startswith("An error occurred while installing")),
                None,
            )
            end = end if stop is None else stop + 1
        taken.take(index, end)
        if not (told and lines[index].startswith("An error occurred")):
            told = True
            named, _, rest = match.group(1).partition(": ")
            exception, message = (named, rest) if named.startswith("Gem::") else ("", match.group(1))
            yield log.failure(
                (index, end), (Cause(exception, message_of([message, *lines[index + 1 : end]])),), language="ruby", phase="collection"
            )
