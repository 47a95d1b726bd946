"""The filter language of the window: `mos:<0.3 AND student:>0.7 AND NOT flag:reject`.

    text    text -> tokens -> tree -> Predicate -> one bool per row of `Columns`
    tokens  `words` cuts the text, `parser` builds the tree, `fields` knows what can be asked, `evaluate` answers,
            `context` reads what the columns lack, `complete` proposes how to go on, `rescale` follows the scale.

Terms side by side are AND; `OR`, `NOT`, a leading `-` and brackets as usual. A word without a field is sought in the
path. Numbers: `0.5` (as shown, to two digits), `<0.3`, `>=0.3`, `!=0.5`, `0.2..0.4`; sizes `2MB`; dates `2026-11`,
`>2026-11-01`; texts contain, `"quoted"`, `*` patterns; every field knows `none` and `any`.
"""

from __future__ import annotations

from app.library.query.complete import Candidate, complete
from app.library.query.context import Context, load_context
from app.library.query.errors import QueryError
from app.library.query.predicate import Predicate, compile_query
from app.library.query.rescale import rescaled
from app.library.query.tree import Node, Not, Term

__all__ = [
    "Candidate",
    "Context",
    "Node",
    "Not",
    "Predicate",
    "QueryError",
    "Term",
    "compile_query",
    "complete",
    "load_context",
    "rescaled",
]
