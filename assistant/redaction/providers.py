"""Token shapes that providers document: they are secrets wherever they stand, whatever stands before them.

A row is: kind, the lower-case literals of which one must be in the line, the pattern. The value is the group that
matched where there is one, else the whole match. A literal marked `~` is not searched for in the whole text: its
tokens hold a run of 16 capitals and digits, or of 16 letters and digits after `_`, `-` or `.`, which the sieve looks
for once for all of them, or they are too rare to be sought for on lines that nothing else makes suspicious.
Adding a provider is adding a row.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from assistant.redaction.spans import Span


class Shape(NamedTuple):
    """A row of the table, its literals apart."""

    kind: str
    hints: tuple[str, ...]
    sought: tuple[str, ...]
    pattern: str


_B = r"(?<![A-Za-z0-9])"  # for prefixes short enough to be the end of a word

_TABLE = (
    ("github-token", "~ghp_ ~gho_ ~ghu_ ~ghs_ ~ghr_", r"gh[pousr]_[A-Za-z0-9_]{20,255}"),
    ("github-token", "~github_pat_", r"github_pat_\w{20,255}"),
    ("gitlab-token", "gl", _B + r"gl(?:pat|dt|rtr?|cbt|ptt|ft|imt|agent|soat|ffct|oas|wt)-[\w.\-]{16,}|GR1348941[\w\-]{20}"),
    ("aws-access-key", "~akia ~asia ~abia ~acca", r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])|(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])"),
    ("aws-session-token", "iqojb3jpz2lu fwogzxiv", r"(?:IQoJb3JpZ2lu|FwoGZXIv)[A-Za-z0-9+/=_%\-]{40,}"),
    ("aws-bedrock-key", "~absk", r"ABSK[A-Za-z0-9+/]{80,}={0,2}"),
    ("google-api-key", "aiza", r"AIza[\w\-]{30,45}"),
    ("google-oauth-token", "ya29. 1//0 ~4/0a", r"ya29\.[\w.\-]{20,}|(?<![\w/:.])1//0[\w\-]{20,}|(?<![\w/])4/0A[\w\-]{30,}"),
    ("google-client-secret", "gocspx-", r"GOCSPX-[\w\-]{20,}"),
    ("slack-token", "xox xapp-", r"xox[a-z](?:\.xox[a-z])?-[\w\-]{10,}|xapp-\d-[\w\-]{16,}"),
    ("slack-webhook", "hook", r"hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/([A-Za-z0-9/+_\-]{16,})"),
    ("discord-webhook", "hook", r"/api/(?:v\d+/)?webhooks/\d{10,}/([\w\-]{30,})"),
    ("teams-webhook", "hook", r"/webhookb2/([\w@\-]{36,}/IncomingWebhook/\w+/[\w\-]+(?:/[\w\-]+)?)"),
    ("zapier-webhook", "hook", r"hooks\.zapier\.com/hooks/catch/([\w/]{8,})"),
    ("discord-token", "~discord ~bot", _B + r"[MNO][A-Za-z0-9_\-]{23,27}\.[\w\-]{6}\.[\w\-]{27,40}"),
    ("telegram-token", ":aa", _B + r"\d{8,10}:AA[\w\-]{32,34}"),
    ("stripe-key", "~sk_ ~rk_", _B + r"[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10,}"),
    ("webhook-secret", "whsec_", r"whsec_[A-Za-z0-9+/=_\-]{20,}"),
    ("anthropic-key", "sk-ant-", _B + r"sk-ant-[\w\-]{20,}"),
    ("openai-key", "sk-", _B + r"sk-(?:proj|svcacct|admin|none)-[\w\-]{20,}|" + _B + r"sk-[A-Za-z0-9]{16,}T3BlbkFJ[A-Za-z0-9]{16,}"),
    ("api-key", "sk-", _B + r"sk-(?:[a-z0-9]{1,8}-){0,3}(?=[A-Za-z_\-]{0,60}\d)[A-Za-z0-9]{20,}[\w\-]*"),
    ("huggingface-token", "~hf_ ~api_org_", r"(?<![A-Za-z0-9_])(?:hf|api_org)_[A-Za-z0-9]{24,}"),
    ("npm-token", "~npm_", r"(?<![A-Za-z0-9])npm_[A-Za-z0-9]{30,}"),
    ("pypi-token", "pypi-", r"pypi-Ag[\w\-]{40,}"),
    ("rubygems-key", "~rubygems_", r"rubygems_[0-9a-f]{40,}"),
    ("sendgrid-key", "sg.", _B + r"SG\.[\w\-]{16,32}\.[\w\-]{30,64}"),
    ("twilio-key", "account twilio", _B + r"(?:AC|SK)[0-9a-f]{32}(?![0-9a-z])"),
    ("mailgun-key", "key", _B + r"(?:key-([0-9a-f]{32})|([0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}))(?![0-9a-z\-])"),
    ("mailchimp-key", "~-us", _B + r"[0-9a-f]{32}-us\d{1,2}(?!\w)"),
    ("brevo-key", "~xkeysib- ~xsmtpsib-", r"x(?:keysib|smtpsib)-[0-9a-f]{40,}-\w{8,}"),
    ("azure-client-secret", "q~", r"(?<![\w.~\-])[\w.~\-]{3}\dQ~[\w.~\-]{31,36}(?![\w~])"),
    ("docker-token", "dckr_", r"dckr_[po]at_[\w\-]{20,}"),
    ("grafana-token", "~glc_ ~glsa_", _B + r"glc_[A-Za-z0-9+/]{24,}={0,2}|" + _B + r"glsa_\w{32}_[0-9a-f]{8}"),
    ("newrelic-key", "nral ~nrak- ~nrii- ~nrjs- ~nrra-", r"NR(?:AK|II|JS|RA)-[\w\-]{16,}|" + _B + r"[0-9a-f]{36}NRAL(?!\w)"),
    ("sentry-token", "sntry", r"sntry[a-z]_[\w+/=\-.]{32,}"),
    ("terraform-token", "~.atlasv1.", r"\w{10,20}\.atlasv1\.[\w\-]{40,}"),
    ("vault-token", "hvs. ~hvb. ~hvr.", _B + r"hv[sbr]\.[\w\-]{20,}"),
    ("digitalocean-token", "~_v1_", _B + r"(?:do[opr]|tgp)_v1_[\w\-]{32,}"),
    ("shopify-token", "~shp", _B + r"shp(?:at|ca|pa|ss|tka)_[0-9a-fA-F]{24,}"),
    ("square-token", "~sq0 eaaa", _B + r"sq0[a-z]{3}-[\w\-]{20,}|" + _B + r"EAAA[\w\-]{56,64}(?!\w)"),
    ("facebook-token", "eaa", _B + r"EAA[A-Za-z0-9]{80,}"),
    ("doppler-token", "~dp.", _B + r"dp\.(?:pt|st|sa|scim|audit|ct)\.[\w.\-]{30,}"),
    ("linear-key", "~lin_", _B + r"lin_(?:api|oauth)_\w{30,}"),
    ("notion-token", "~ntn_ ~secret_", _B + r"ntn_[A-Za-z0-9]{36,}|" + r"(?<![\w])secret_(?=[A-Za-z]{0,42}\d)[A-Za-z0-9]{43}(?!\w)"),
    ("figma-token", "~figd_", r"figd_[\w\-]{30,}"),
    ("airtable-token", "~pat", _B + r"pat[A-Za-z0-9]{14}\.[0-9a-f]{64}"),
    ("hubspot-token", "~pat-", _B + r"pat-(?:na|eu)\d-[0-9a-f]{8}-[0-9a-f\-]{27}"),
    ("atlassian-token", "tt3 ~atbb", r"AT(?:ATT3|CTT3)[\w=+/\-]{40,}|" + _B + r"ATBB[A-Za-z0-9]{28,}"),
    ("databricks-token", "dapi", _B + r"dapi[0-9a-f]{32}(?:-\d)?(?!\w)"),
    ("planetscale-token", "~pscale_", r"pscale_\w{2,5}_[\w.=\-]{30,}"),
    ("postman-key", "~pmak-", r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
    ("crates-token", "~cio", _B + r"cio[A-Za-z0-9]{32}(?!\w)"),
    ("nuget-key", "~oy2", _B + r"oy2[a-z0-9]{43}(?!\w)"),
    ("heroku-key", "~hrku-", r"HRKU-[\w\-]{36,}"),
    ("fly-token", "fm2_ ~flyv1 ~fm1 ~fo1_", r"FlyV1\s+(fm\d[\w+/=,.\-]{40,})|" + _B + r"fm[12][ar]?_[A-Za-z0-9+/=]{60,}|" + _B + r"fo1_[\w\-]{40,}"),
    ("supabase-key", "~sbp_ ~sb_secret_", _B + r"sb(?:p_[0-9a-f]{40}|_secret_[\w\-]{20,})"),
    ("netlify-token", "~nfp_", _B + r"nfp_[A-Za-z0-9]{36,}"),
    ("groq-key", "~gsk_", _B + r"gsk_[A-Za-z0-9]{40,}"),
    ("perplexity-key", "~pplx-", r"pplx-[A-Za-z0-9]{40,}"),
    ("replicate-token", "~r8_", _B + r"r8_[A-Za-z0-9]{30,}"),
    ("xai-key", "~xai-", _B + r"xai-[A-Za-z0-9]{60,}"),
    ("langsmith-key", "~lsv2_", r"lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}"),
    ("nvidia-key", "nvapi-", r"nvapi-[\w\-]{40,}"),
    ("pinecone-key", "~pcsk_", r"pcsk_\w{40,}"),
    ("tavily-key", "~tvly-", r"tvly-[\w\-]{20,}"),
    ("buildkite-token", "~bkua_", r"bkua_[0-9a-f]{40}"),
    ("circleci-token", "~cci", r"CCI(?:PAT|PRJ)_[A-Za-z0-9]{20,}_[0-9a-f]{40}"),
    ("sonar-token", "~sqp_ ~sqa_ ~squ_", _B + r"sq[pau]_[0-9a-f]{40}(?!\w)"),
    ("pulumi-token", "~pul-", _B + r"pul-[0-9a-f]{40}(?!\w)"),
    ("artifactory-key", "akcp", _B + r"AKCp[A-Za-z0-9]{60,}"),
    ("contentful-token", "cfpat-", r"CFPAT-[\w\-]{40,}"),
    ("dynatrace-token", "~dt0", _B + r"dt0[a-z]\d\d\.[A-Z0-9]{24}\.[A-Z0-9]{64}"),
    ("onepassword-token", "ops_eyj", r"ops_eyJ[A-Za-z0-9+/=_\-]{60,}"),
    ("mapbox-token", "sk.eyj", _B + r"sk\.eyJ[\w\-]{40,}\.[\w\-]{20,}"),
    ("plaid-token", "~access-", _B + r"access-(?:sandbox|development|production)-[0-9a-f]{8}-[0-9a-f\-]{27}"),
    ("launchdarkly-key", "~sdk- ~api-", _B + r"(?:sdk|api)-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"),
    ("resend-key", "~re_", r"(?<![\w])re_[A-Za-z0-9]{6,10}_[A-Za-z0-9]{20,28}(?!\w)"),
    ("alibaba-key", "ltai", _B + r"LTAI[A-Za-z0-9]{12,24}(?!\w)"),
    ("tencent-key", "~akid", _B + r"AKID[A-Za-z0-9]{28,36}(?!\w)"),
    ("yandex-token", "~y0_ ~t1.", _B + r"y0_[\w\-]{50,}|" + _B + r"t1\.[\w\-]{40,}={0,2}\.[\w\-]{80,}={0,2}"),
    ("typeform-token", "~tfp_", _B + r"tfp_[\w\-.]{40,}"),
    ("age-key", "~age-secret-key-", r"AGE-SECRET-KEY-1[A-Z0-9]{50,}"),
    ("nostr-key", "nsec1", _B + r"nsec1[a-z0-9]{50,}"),
    ("wallet-key", "xprv", _B + r"[xyzt]prv[1-9A-HJ-NP-Za-km-z]{90,}"),
    ("jwt", "eyj", r"(?<![A-Za-z0-9_])eyJ[\w\-]{8,}\.[\w\-]{4,}(?:\.[\w\-]*){0,3}"),
    ("private-key", "ls0tls1crudjti", r"LS0tLS1CRUdJTi[A-Za-z0-9+/]{0,12}UFJJVkFURSB[A-Za-z0-9+/=]*|LS0tLS1CRUdJTi[A-Za-z0-9+/]{0,30}Q(?:UFJJVkFU|SSVZBVE)[A-Za-z0-9+/=]*"),
    ("password-hash", "$", r"(?<![\w$])\$(?:2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}|apr1\$|[156y]\$|7\$|scrypt\$|argon2(?:id|i|d)\$)[\w./$=,+\-]{8,}"),
    ("password-hash", "$", r"(?<!\w)(?:pbkdf2[_:\-]\w+|scrypt|bcrypt_sha256|sha(?:256|512))[$:]\d*[\d:]*\$?[\w./+=\-]{6,}\$[\w./+=$\-]{20,}"),
    ("password-hash", "~scram-sha- ~{s ~{crypt", r"SCRAM-SHA-(?:1|256)\$\d+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=:]+|\{(?:SSHA|SHA|SMD5|CRYPT)\d*\}[\w+/=$.]{12,}"),
)  # fmt: skip


@cache
def shapes() -> tuple[Shape, ...]:
    """The table; a pattern is compiled when a line first needs it."""
    return tuple(_shape(kind, hints.split(" "), pattern) for kind, hints, pattern in _TABLE)


def _shape(kind: str, marked: list[str], pattern: str) -> Shape:
    plain = tuple(hint.removeprefix("~") for hint in marked)
    return Shape(kind, plain, tuple(hint for hint in marked if hint[0] != "~"), pattern)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@cache
def _by_hint() -> tuple[tuple[str, Shape], ...]:
    return tuple((hint, shape) for shape in shapes() for hint in shape.hints)


def find_tokens(line: str, low: str) -> Iterator[Span]:
    """Every provider's token in a line; `low` is the line in lower case."""
    for kind, _, _, pattern in dict.fromkeys([shape for hint, shape in _by_hint() if hint in low]):
        for match in _compiled(pattern).finditer(line):
            yield Span(*match.span(match.lastindex or 0), kind)
