"""The JSON Schema (draft-07) of specs, made from the same declarations that the reader uses.

It is for editors: it completes, explains and underlines while a spec is written. convcalc itself
never validates with it, since it knows neither lines nor shapes; what it lets through, `check`
may still refuse.
"""

import json

from convcalc.schema.document import document


def schema_text() -> str:
    """The schema as it is committed under schema/."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"
