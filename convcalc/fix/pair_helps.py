"""What help asks of a key together with its value, as text that an edit can be made of."""

import re

from convcalc.findings import Finding

#: options that are layers of their own: of several the order is not certain
LAYERS = frozenset(
    {"act", "act_fn", "act_layer", "activation", "batch_norm", "batchnorm", "bn", "dropout",
     "norm", "norm_layer", "relu"}
)  # fmt: skip
LEFT_OUT = re.compile(r"leave out `[^`]+`: ")
WRITTEN = re.compile(r"write `([^`]+)` in place of `")
#: between the keys that take its place
OUTSIDE = re.compile(r", (?=[a-z_]+:(?: |$))(?![^{]*\})")
INPUT = re.compile(r"write `(input: [0-9x]+)` above `layers:`")
LAYER = re.compile(r"(?:an activation|\w+) is a separate layer: `- ([^`]+)`")
BOTH = re.compile(r".* is a separate layer: make a list of both, `\[\w+: \{\.\.\.\}, ([^`]+)\]`")
AGAIN = re.compile(
    r".* with `times`, write `repeat: \{times: [^`]+, layers: \[[^`,]+, ([^`]+)\]\}`\Z"
)
BELOW_KIND = re.compile(r"write `(\w+):` on its own line below `[^`]+:`\Z")
#: another kind in place of one without that option, and several layers in place of one
LEAKS = re.compile(r"a relu that leaks is a `([^`]+)`\Z")
SERIES = re.compile(r"\w+'s is layers of a list: (`- [^`]+`(?:, `- [^`]+`)*)\Z")
FROM = re.compile(r"write `from: (\[[^`]+\])` on its own line below `[^`]+:`\Z")
#: an option beside its kind, or beside a short form: the entry that has it among its own
TAKEN_IN = re.compile(r"write `([\w.-]+)(?:: \{([^`]+)\})?`\Z")
OUT_OF_FORM = re.compile(r"with that option `([^`]+)` is written out: `(\w+): (\{[^`]+\})`\Z")


def is_of_pair(finding: Finding) -> bool:
    """Whether a finding's help is about a key together with its value."""
    begins = (
        *("leave out `", "write `", "an activation is a separate layer"),
        *("the kind is the key: `- ", "a name stands beside its layer: `- "),
    )
    texts = (LAYER, BOTH, AGAIN, LEAKS, SERIES, OUT_OF_FORM)
    return any(h.startswith(begins) or any(t.match(h) for t in texts) for h in finding.help)


def before_layers(finding: Finding) -> bool:
    """Whether a finding asks for a key of the file that is not there."""
    return INPUT.match(finding.help[0]) is not None
