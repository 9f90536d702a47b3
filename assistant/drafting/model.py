"""Drafting with a model: asked in groups, held against the evidence, repaired, capped, and never without a result."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.drafting import Case, Drafted
from assistant.drafting.asking import GROUPS, PIECE_OVERHEAD, Asking, Mend, asking_of, reply_of
from assistant.drafting.attempts import to_explain
from assistant.drafting.calls import Call, ModelUse
from assistant.drafting.caps import Cap, Caps, Limits, Price
from assistant.drafting.endpoint import FORMS, Endpoint
from assistant.drafting.grounding import Fault, ground, merged, without
from assistant.drafting.memory import Memory
from assistant.drafting.outcomes import Outcome, Read
from assistant.drafting.overlay import overlay
from assistant.drafting.parsing import ReplyError, parse_reply, salvage
from assistant.drafting.playbook import Playbook
from assistant.drafting.prices import price_usd
from assistant.drafting.prompts import Prompts
from assistant.drafting.reasons import TASK as ATTEMPTS, with_reasons
from assistant.drafting.replies import Reply
from assistant.drafting.requests import Answer, Payload, Profile, Usage
from assistant.evidence import Ledger
from assistant.tokens import TokenCounter

REPAIRS = 2
MARGIN = 1.05
"""Chat formats add a few tokens a message, and vocabularies differ."""
REFUSED_FORM = "form refused"
CAPPED = "capped: "
FALLBACK = "drafted by the playbook instead"
FALLBACKS = {"attempts": "a person is asked instead"} | dict.fromkeys(("results", "answers"), "drafted by extraction instead")
"""Who drafts what a model did not, where it is not the playbook."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a model is used for one export.

    Args:
        token_budget: tokens of evidence that a prompt may hold.
        limits: caps on the whole export.
        single_call: everything in one reply: cheaper, and less careful.
        shared: makes the cap that several exports share from the price of a call; None where each has its own, by `limits`.
    """

    token_budget: int = 12_000
    limits: Limits = field(default_factory=Limits)
    shared: Callable[[Price], Cap] | None = None
    single_call: bool = False


class ModelDrafter:
    """A drafter that asks an OpenAI-compatible endpoint; what it cannot get there, the playbook drafts.

    Args:
        profile: the endpoint.
        prompts: the prompt files.
        counter: counts tokens before anything is sent.
        memory: remembers replies.
        options: how the model is used.
        tell: told of each step, for a progress line.
    """

    def __init__(
        self, profile: Profile, prompts: Prompts, *, counter: TokenCounter, memory: Memory, options: Options, tell: Callable[[str], None]
    ) -> None:
        self.name = profile.model
        self._profile = profile
        self._prompts = prompts
        self._counter = counter
        self._memory = memory
        self._options = options
        self._tell = tell

    @property
    def address(self) -> str:
        """Where requests go, for people."""
        return self._profile.address

    @property
    def tasks(self) -> tuple[str, ...]:
        """The tasks that are asked, in order."""
        return ("single",) if self._options.single_call else GROUPS

    def _tasks(self, case: Case) -> tuple[str, ...]:
        """The tasks of a case: attempts are asked about where there are some to explain."""
        return (*self.tasks, ATTEMPTS) if to_explain(case) else self.tasks

    def asking(self, case: Case) -> Asking:
        """The prefix of a case within the token budget and the model's window."""
        attempts = [case.attempts[number] for number in to_explain(case)]
        bare = replace(asking_of(case, self._prompts, token_budget=0, counter=self._counter), attempts=attempts)
        own = max(self._count(bare.payload(task)) for task in self._tasks(case))
        room = int((self._profile.window - self._profile.reply_tokens) / MARGIN) - own - PIECE_OVERHEAD
        packed = asking_of(case, self._prompts, token_budget=min(self._options.token_budget, room), counter=self._counter)
        return replace(packed, attempts=attempts)

    def payloads(self, case: Case) -> tuple[tuple[dict[str, Any], Usage, float | None], ...]:
        """Exactly what would be sent, the tokens it takes at most, and what that costs at most; nothing is sent."""
        asking = self.asking(case)
        endpoint = Endpoint(self._profile)
        planned = [(payload := asking.payload(task), self._most(payload)) for task in self._tasks(case)]
        return tuple((endpoint.body(payload), most, price_usd(most, self._profile)) for payload, most in planned)

    def draft(self, case: Case) -> Drafted:
        """Draft a case; what fails is said, and what the playbook drafted stands there."""
        base = Playbook().draft(case)
        replies, notes, use = self._ask_all(self.asking(case), case.ledger, self._tasks(case))
        drafted = with_reasons(overlay(base, replies, case, name=self.name), replies.get(ATTEMPTS), case, name=self.name)
        return replace(drafted, notes=(*base.notes, *notes), use=use)

    def ground(self, reply: Reply, ledger: Ledger) -> Sequence[Fault]:
        """What in a reply the evidence does not bear out."""
        return ground(reply, ledger)

    def _ask_all(self, asking: Asking, ledger: Ledger, tasks: Sequence[str]) -> tuple[dict[str, Reply], tuple[str, ...], ModelUse]:
        """Ask some tasks: what of the replies may be used, what has to be said of them, and what it took."""
        work = _Work(self, asking, ledger)
        outcomes = asyncio.run(work.run(tasks))
        left_out = tuple(f"{item.id} was left out of the prompt: {item.reason}" for item in asking.left_out)
        use = ModelUse(
            model=self._profile.model,
            endpoint=self._profile.address,
            prompts=self._prompts.versions,
            calls=tuple(work.calls),
            counter=self._counter.name,
            failed=any(outcome.failure and CAPPED not in outcome.failure for outcome in outcomes),
            capped=any(CAPPED in outcome.failure for outcome in outcomes),
        )
        notes = (*left_out, *(note for outcome in outcomes for note in outcome.notes), *work.notes)
        return {outcome.task: outcome.reply for outcome in outcomes if outcome.reply}, notes, use

    def _count(self, payload: Payload) -> int:
        return sum(self._counter.count(message["content"]) for message in payload.messages)

    def _most(self, payload: Payload) -> Usage:
        return Usage(sent=int(self._count(payload) * MARGIN), received=self._profile.reply_tokens)


class _Work:
    """The calls of one export: what they share while they run."""

    def __init__(self, drafter: ModelDrafter, asking: Asking, ledger: Ledger) -> None:
        self.asking = asking
        self.calls: list[Call] = []
        self.notes: dict[str, None] = {}
        self._drafter = drafter
        self._profile = drafter._profile
        self._ledger = ledger
        self._caps = (drafter._options.shared or self._own_caps)(lambda usage: price_usd(usage, self._profile))
        self._hopeless = False
        self._side_by_side = asyncio.Semaphore(self._profile.concurrency)

    def _own_caps(self, price: Price) -> Cap:
        return Caps(self._drafter._options.limits, price)

    async def run(self, tasks: Sequence[str]) -> list[Outcome]:
        """The first task alone, so that the prompt cache is warm; the others side by side."""
        first, *others = tasks
        async with Endpoint(self._profile) as endpoint:
            outcomes = [await self._task(first, endpoint)]
            if self._hopeless:
                note = f"{', '.join(others)}: not asked for, {FALLBACKS.get(first, FALLBACK)}" if others else ""
                return [*outcomes, Outcome(task=first, notes=(note,) if note else (), failure=outcomes[0].failure)]
            outcomes += await asyncio.gather(*(self._task(task, endpoint) for task in others))
        return outcomes

    async def _task(self, task: str, endpoint: Endpoint) -> Outcome:
        async with self._side_by_side:
            self._drafter._tell(f"{task}: asked")
            answer = await self._ask_in_turn(task, endpoint, attempt=1)
            self._hopeless = self._hopeless or answer.hopeless
            failure, read = answer.failure, self._read(task, answer, endpoint, before=Read())
            for attempt in range(2, 2 + REPAIRS):
                if failure or not read.faults:
                    break
                self._drafter._tell(f"{task}: {len(read.faults)} to mend")
                answer = await self._ask_in_turn(task, endpoint, attempt=attempt, answered=answer.text, faults=read.faults)
                failure = answer.failure and f"repair: {answer.failure}"
                read = self._read(task, answer, endpoint, before=read)
            self._drafter._tell(f"{task}: done")
            return self._outcome(task, failure, read.reply)

    async def _ask_in_turn(self, task: str, endpoint: Endpoint, *, attempt: int, answered: str = "", faults: Sequence[Mend] = ()) -> Answer:
        """Ask for a task or its repair, in the next form as long as the endpoint refuses one."""
        answer = Answer(failure=REFUSED_FORM)
        for _ in range(len(FORMS) + 1):
            in_prompt = endpoint.form != FORMS[0]
            payload = (
                self.asking.repair(task, answered, faults, schema_in_prompt=in_prompt)
                if faults
                else self.asking.payload(task, schema_in_prompt=in_prompt)
            )
            answer = await self._ask(payload, endpoint, attempt)
            if answer.failure != REFUSED_FORM:
                break
        return answer

    async def _ask(self, payload: Payload, endpoint: Endpoint, attempt: int) -> Answer:
        """One request: from memory, or capped, or sent; each is a line in the ledger of calls."""
        body = endpoint.body(payload)
        answer = self._drafter._memory.recall(body)
        if answer is None:
            most = self._drafter._most(payload)
            if refusal := self._caps.refusal(most):
                return Answer(failure=CAPPED + refusal)
            answer = await endpoint.ask(payload)
            self._caps.settle(most, self._taken(most, answer))
            if note := self._drafter._memory.keep(body, answer):
                self.notes[note] = None
        usage = Usage() if answer.remembered else answer.usage
        self.calls.append(
            Call(
                task=payload.task,
                attempt=attempt,
                outcome=answer.failure or ("cut at the length limit" if answer.cut else "ok"),
                sent=usage.sent,
                cached=usage.cached,
                received=usage.received,
                reasoning=usage.reasoning,
                cost_usd=price_usd(usage, self._profile),
                seconds=round(answer.seconds, 3),
                began=round(time.time() - answer.seconds, 3),
                remembered=answer.remembered,
                form=answer.form,
            )
        )
        return answer

    def _taken(self, most: Usage, answer: Answer) -> Usage:
        """The tokens that count for the caps: where the endpoint tells none, those that it may well charge for."""
        if answer.usage.sent or not answer.billed:
            return answer.usage
        return Usage(sent=most.sent, received=self._drafter._counter.count(answer.text))

    def _read(self, task: str, answer: Answer, endpoint: Endpoint, *, before: Read) -> Read:
        """The reply in an answer and what is wrong with it; valid items of the reply before are kept."""
        if not answer.text:
            return before
        broken: list[Mend] = []
        try:
            reply: Reply | None = parse_reply(answer.text, reply_of(task))
        except ReplyError as error:
            if not error.is_json and not answer.cut:
                endpoint.ignores_schema(answer)
            reply = salvage(answer.text, reply_of(task))
            said = "the answer was cut at the length limit: write less" if answer.cut else error.faults[0][1]
            broken = [Mend(error.faults[0][0] or "the whole answer", said)]
        if reply is None or (broken and before.reply is None):
            return Read(before.reply or reply, before.faults or broken, whole=before.whole)
        if before.reply is not None and not before.whole and not broken:
            reply = merged(reply, before.reply, self._drafter.ground(reply, self._ledger))  # only now everything is there
        elif before.reply is not None:
            reply = merged(before.reply, reply, self._drafter.ground(before.reply, self._ledger))
        return Read(
            reply,
            [Mend(fault.path, fault.message) for fault in self._drafter.ground(reply, self._ledger)],
            whole=before.whole or not broken,
        )

    def _outcome(self, task: str, failure: str, reply: Reply | None) -> Outcome:
        """What of a reply may be used, after the last repair."""
        said = failure.replace(CAPPED, "")
        if reply is None:
            told = (f"{task}: {said}",) if said else ()
            return Outcome(
                task=task,
                notes=(*told, f"{task}: {FALLBACKS.get(task, FALLBACK)}"),
                failure=failure or "no reply of the wanted form",
            )
        notes = (f"{task}: {said}",) if said else ()
        faults = self._drafter.ground(reply, self._ledger)
        dropped = (f"{task}: dropped {fault.item}: {fault.message}" for fault in faults)
        return Outcome(task=task, reply=without(reply, faults), notes=(*notes, *dropped), failure=failure)
