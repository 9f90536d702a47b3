"""By which words a passage shows what it does: proposes, explains, asks, tests, warns, or tries to give orders to a program."""

import re

VERBS = (
    "use|set|add|remove|replace|upgrade|downgrade|update|pin|install|uninstall|change|move|create|build|pass|call|wrap|make sure|ensure|try|double|escape|import|rename|delete|"
    "configure|switch|put|declare|define|await|close|yield|merge|regenerate|rebuild|disable|enable|drop|hand|relax|register|exclude|include|specify|append|quote|mark|"
    "initiali[sz]e|start|stop|restart|rerun|run|bump|commit|refresh|load|eager-?load|convert|cast|return|raise|lower|increase|reduce|check out|link|mount|force|release|"
    "unlock|recreate|stamp|place|export|clear|reset|copy|write|annotate|keep|give|reuse|share|depend|expose|override|order|fetch|avoid|turn|open|fix|handle|catch|"
    "restore|revert|go back|apply|adopt|allow|grant|migrate|point|provide|pick|prefer|inherit|scope|split|store|tell|treat|unset|upload|vendor|wait|make|do not|don't|"
    "read|publish|pull|push|seriali[sz]e|bind|map|parse|detach|attach|retry|inject|patch|encode|decode|sort|validate|cache|flush|truncate|alter|backfill|deploy|"
    "roll back|rotate|sign|trust|follow|limit|bound|batch|lock|freeze|separate|stick|consider|repeat|supply|plug|adjust|correct|rewrite|refactor"
)
PROPOSES = re.compile(
    rf"(?:^|[.!;:]\s{{1,3}}|\n\s{{0,6}}|[-*]\s|\(or\s|\b(?:just|simply|please|then|either|instead,)\s)(?:or\s|and\s|to\s)?(?:{VERBS})\b",
    re.I,
)
"""An order to the reader: a verb where a sentence or a part of it begins."""
SOLVES = re.compile(
    r"\b(?:fix|solution|workaround|cure|remedy|trick|resolution|right way|way out)\b.{0,12}?(?:\b(?:is|was|are)\b|:)|\bthe answer is\b|\b(?:fixe[sd]|solve[sd]|resolve[sd]|cure[sd]) (?:it|this|that|the|my|by|for)\b"
    r"|\bif you (?:cannot|can't|can not|do not want|don't want)\b|\byou (?:need|have|want) to\b|\byou (?:should|must|can)\b|\bneeds? to be\b|\bshould (?:be|use|instead)\b|\bmust be\b|\bworks? (?:for me|fine|again)\b|\bgo(?:es)? away\b",
    re.I,
)
HINTS = re.compile(
    r"\binstead of\b|\brather than\b|\bmoves? to\b|\bnewer (?:release|version)s?\b|\bcan be (?:set|used|done|avoided|fixed)\b|\bhelps?\b|\bis enough\b|\benough to\b",
    re.I,
)
"""Words of a way out that is described rather than ordered: looked at where a note holds no order."""
EXPLAINS = re.compile(
    r"\bbecause\b|\bthe (?:real |root |actual |underlying )?(?:reason|cause|culprit)\b|\bcaused by\b|\bdue to\b|\bhappens (?:when|if|because)\b|\bthat(?:'s| is) why\b|\bthis means\b|\bno longer\b|\bwere? removed\b|\bremoved (?:the|that|in|this)\b"
    r"|\bby default\b|\bturned\b|\bchanged (?:in|the|from)\b|\bdeprecated\b|\bso that\b|\btherefore\b|\bexpects?\b|\btreats?\b|\bleads? to\b|\bresults? in\b|\btriggers?\b|\bexpire[sd]?\b|\bsince (?:the|it|that|this|your)\b|\bwhich (?:is|means|makes|causes)\b"
    r"|\bstill (?:passes|hands|calls|uses|expects|imports|holds|has)\b|\bnever\b|\bas (?:the|it|soon as|long as)\b|\binterpret(?:s|ed|ation)\b|\bonly (?:runs|happens|works|when|on|if|in|reads|applies)\b|\bkeeps?\b|\bneeds?\b|\bdoes(?: not|n't) (?:know|have|read|match|exist|run|apply|include|support|import)\b|\bso (?:the|it|a|every|any|that|each)\b",
    re.I,
)
ASKS = re.compile(
    r"\?\s*$|^(?:hi|hello|hey|dear)\b|\bany (?:ideas?|help|hints?|suggestions?)\b|\b(?:does )?anyone\b|\bi(?:'m| am) (?:getting|trying|facing|seeing|using|new|stuck|having|not sure|confused)\b|\bi (?:get|got|have tried|tried|keep getting|see|cannot|can't|don't know|can not)\b|\bthanks in advance\b|\bplease help\b|\bhow (?:do|can|should) i\b|\bsame (?:problem|issue|error|here)\b|\+1\b",
    re.I,
)
FAILS = re.compile(
    r"\b(?:did(?: not|n't)|does(?: not|n't)|do(?: not|n't)|won't|will not|has not|hasn't|have not|haven't) (?:help|work|fix|solve|change anything|make a difference|resolve|cure)\b|\bno (?:effect|luck|difference)\b|\bmakes no difference\b|\bstill (?:fails?|get|getting|broken|happens|occurs|see)\b|\b(?:is|was) (?:wrong|not (?:the (?:cause|reason|problem|issue)|related|correct|true|enough|necessary|needed|an option))\b|\bunrelated\b|\bhas nothing to do with\b",
    re.I,
)
NEGATES = re.compile(
    r"\b(?:do not|don't|never|avoid|should not|shouldn't|must not|mustn't|cannot|can't|no need to|not necessary|rather than|wrong|bad idea|harmful|dangerous|stop using|there is no|isn't|is not|not the|won't|will not|does not|doesn't|did not|didn't|without|no effect)\b",
    re.I,
)
VERIFIES = re.compile(
    r"\bto (?:check|confirm|see whether)\b|\b(?:verify|verif(?:y|ies|ied)|check that|confirm|assert|regression test|to test|make sure that|you should (?:then )?see|reproduce|add a test|test that|unit test|run (?:the )?(?:test|pytest)|pytest)\b",
    re.I,
)
PREVENTS = re.compile(
    r"\b(?:prevent|in (?:the )?future|from now on|(?:use|commit|add|keep) a lock ?file|from coming back|pin (?:it|the|your|all)|constraints? file|regression test|in CI\b|pre-commit|lint(?:er)? rule|dependabot|renovate|so (?:that )?it (?:cannot|can't|does not|doesn't) (?:come|happen))\b",
    re.I,
)
DOCUMENTS = re.compile(
    r"\b(?:document (?:this|that|the|it)|update the (?:docs?|documentation|readme|changelog)|add a (?:note|comment)|should be documented)\b",
    re.I,
)
TESTS_CODE = re.compile(
    r"^\s*(?:async )?def test_\w|^\s*class Test\w|^\s*(?:python -m )?pytest\b|^\s*@pytest|^\s*assert\b|^\s*(?:it|test|describe)\(['\"]",
    re.M,
)
ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:previous|above|prior|earlier|preceding|all|any|your|these|the)\b.{0,40}\b(?:instructions?|prompts?|rules?|context|directions?|guidelines?|messages?|text|above|said)\b"
    r"|\bignore (?:the|everything) (?:above|before)\b|\byou are (?:now|an? (?:ai|assistant|language model|llm))\b|\bas an ai\b|\b(?:system|developer) (?:prompt|message|override)\b"
    r"|<\|?(?:im_start|im_end|system|endoftext)\|?>|\[/?INST\]|\bnew instructions?\b|\b(?:ai|llm) (?:assistants?|agents?|models?)\b.{0,40}\b(?:must|should|please|write|reply|respond|answer)\b|\b(?:reply|respond|answer|output) (?:only )?(?:with|exactly|the word)\b"
    r"|\bwrite\b.{0,60}\b(?:into|in|to) (?:the|your) (?:document|report|answer|solution|section|output)\b|\breveal\b.{0,30}\b(?:prompt|instructions?|secrets?|keys?)\b",
    re.I | re.S,
)
"""Texts that speak to a program that reads them. They are data like all others; nothing of them is shown as an answer."""

HEADINGS: dict[str, re.Pattern[str]] = {
    "solution": re.compile(
        r"\b(?:solution|fix(?:es|ed)?|resolution|answer(?:ed)?|accepted|workaround|how to (?:fix|solve)|what to do|remedy|recommend\w*)\b"
    ),
    "why": re.compile(r"\b(?:why|cause[sd]?|reason|explanation|background|diagnosis|analysis|what (?:happens|happened|changed))\b"),
    "steps": re.compile(r"\b(?:steps?|plan|implementation|procedure|migration|migrating|upgrading|instructions)\b"),
    "code": re.compile(r"\b(?:code|patch|diff|change[sd]?|example)\b"),
    "tests": re.compile(r"\b(?:tests?|testing|verif\w+|check\w*|reproduc\w+)\b"),
    "documentation": re.compile(r"\b(?:documentation|docs?|references?|links?|see also|further reading|sources?)\b"),
}
"""What a heading says that stands below it."""


def strength(pattern: re.Pattern[str], text: str) -> int:
    """How many times a pattern is found in a text, three at most."""
    found = 0
    for _ in pattern.finditer(text):
        found += 1
        if found == 3:
            break
    return found


def gives_orders(text: str) -> bool:
    """Whether a text speaks to a program that reads it."""
    return bool(ORDERS.search(text[:8_000]))
