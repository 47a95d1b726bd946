"""Builds the tree of a filter: OR binds least, then AND (written or not), then NOT."""

from __future__ import annotations

from app.library.query.asked import Words
from app.library.query.errors import QueryError
from app.library.query.fields import FIELDS, nearest
from app.library.query.tree import All, Any, Node, Not, Term
from app.library.query.values import Scale, test_of
from app.library.query.words import Token, tokens


def parse(text: str, scale: Scale = (0.0, 1.0)) -> Node:
    """The tree of a filter; an empty text lets everything through.

    Args:
        scale: what MOS 0 and 1 are called in the window; numbers of MOS, score and their distance are on it.

    Raises:
        QueryError: it cannot be understood; says where and why.
    """
    return _Parser(list(tokens(text)), scale).whole()


class _Parser:
    def __init__(self, found: list[Token], scale: Scale) -> None:
        self._tokens, self._scale = found, scale
        self._at = 0
        self._open: list[Token] = []

    @property
    def _here(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._here
        self._at += 1
        return token

    def whole(self) -> Node:
        if self._here.kind == "end":
            return All(())
        node = self._either()
        if self._here.kind == ")":
            raise QueryError("This bracket was never opened.", self._here.start, 1, "Remove it, or add a '('.")
        return node

    def _either(self) -> Node:
        nodes = [self._both()]
        while self._here.kind == "or":
            self._take()
            nodes.append(self._both())
        return nodes[0] if len(nodes) == 1 else Any(tuple(nodes))

    def _both(self) -> Node:
        nodes = [self._one()]
        while self._here.kind in ("and", "not", "term", "("):
            if self._here.kind == "and":
                self._take()
            nodes.append(self._one())
        return nodes[0] if len(nodes) == 1 else All(tuple(nodes))

    def _one(self) -> Node:
        token = self._take()
        if token.kind == "not":
            return Not(self._one())
        if token.kind == "(":
            return self._bracket(token)
        if token.kind == "term":
            return self._term(token)
        if token.kind == "end":
            before = self._tokens[self._at - 2] if self._at >= 2 else token
            word = {"and": "AND", "or": "OR", "not": "NOT", "(": "'('"}.get(before.kind, "")
            raise QueryError(f"Something must follow {word}.", before.start, before.end - before.start)
        word = {"and": "AND", "or": "OR", ")": "')'"}[token.kind]
        raise QueryError(f"Something must stand before {word}.", token.start, token.end - token.start)

    def _bracket(self, opened: Token) -> Node:
        node = self._either()
        if self._here.kind != ")":
            raise QueryError("This bracket is not closed.", opened.start, 1, "Add a ')'.")
        self._take()
        return node

    def _term(self, token: Token) -> Node:
        if not token.field:
            return Term(FIELDS["path"], Words(token.value, literal=token.quoted))
        field = FIELDS.get(token.field.casefold())
        if field is None:
            hint = nearest(token.field, FIELDS) or 'To find this in a path, put it into quotation marks: "...".'
            raise QueryError(f"There is no field '{token.field}'.", token.start, len(token.field), hint)
        if token.of and field.name != "score":
            raise QueryError(f"'{field.name}' does not belong to a model.", token.start, token.end - token.start)
        return Term(field, test_of(field, token, self._scale), token.of)
