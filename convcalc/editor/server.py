"""The language server: which request of the protocol is answered by what."""

import os
import sys
from typing import Any

from lsprotocol import types

from convcalc import __version__
from convcalc.editor.answers import FIX_ALL, QUICK_FIX, Answers
from convcalc.editor.log import log_in_lines
from convcalc.editor.naming import NameTable
from convcalc.editor.rpc import Protocol, Server
from convcalc.editor.session import Session
from convcalc.editor.stream import BoundedInput

#: Questions that may take a second: they are answered on a thread of their own.
_SLOW = frozenset({types.TEXT_DOCUMENT_CODE_ACTION, types.TEXT_DOCUMENT_CODE_LENS})


def serve(debug: bool = False) -> None:
    """Answer an editor on standard input and output until it leaves.

    What the protocol's library logs is a line each, or with its stack to `debug`.
    """
    if not debug:
        log_in_lines()
    lsp = Server(
        "convcalc",
        __version__,
        text_document_sync_kind=types.TextDocumentSyncKind.Full,
        protocol_cls=Protocol,
    )
    session = Session(lsp)
    answers, names = Answers(session), NameTable(session)
    for method, handler in (
        (types.INITIALIZE, session.initialize),
        (types.WORKSPACE_DID_CHANGE_CONFIGURATION, lambda p: session.configure(p.settings)),
        (types.TEXT_DOCUMENT_DID_OPEN, session.opened),
        (types.TEXT_DOCUMENT_DID_CHANGE, session.changed),
        (types.TEXT_DOCUMENT_DID_SAVE, session.saved),
        (types.TEXT_DOCUMENT_DID_CLOSE, session.closed),
    ):
        lsp.feature(method)(_function(handler))
    for method, question, options in (
        (types.TEXT_DOCUMENT_INLAY_HINT, answers.hint, None),
        (types.TEXT_DOCUMENT_HOVER, answers.hover, None),
        (types.TEXT_DOCUMENT_COMPLETION, answers.complete,
         types.CompletionOptions(trigger_characters=["-", "{", ",", " ", "=", "["])),
        (types.TEXT_DOCUMENT_CODE_ACTION, answers.act,
         types.CodeActionOptions([QUICK_FIX, FIX_ALL])),
        (types.TEXT_DOCUMENT_DEFINITION, names.define, None),
        (types.TEXT_DOCUMENT_REFERENCES, names.refer, None),
        (types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, names.highlight, None),
        (types.TEXT_DOCUMENT_PREPARE_RENAME, names.prepare, None),
        (types.TEXT_DOCUMENT_RENAME, names.rename, types.RenameOptions(True)),
        (types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, answers.outline, None),
        (types.TEXT_DOCUMENT_FOLDING_RANGE, answers.fold, None),
        (types.TEXT_DOCUMENT_CODE_LENS, answers.lens, None),
    ):  # fmt: skip
        answer = _about_text(session, question, begun=method == types.TEXT_DOCUMENT_COMPLETION)
        lsp.feature(method, options)(lsp.thread()(answer) if method in _SLOW else answer)
    # pygls closes what it writes to; the program's own standard output is flushed at its end
    lsp.start_io(
        stdin=BoundedInput(sys.stdin.buffer),
        stdout=os.fdopen(os.dup(sys.stdout.fileno()), "wb"),
    )


def _about_text(session: Session, question: Any, begun: bool) -> Any:
    """A question about a text as a function of the request; a text that is no spec has no answer.

    `begun`: one that may become a spec has.
    """

    def answer(params: Any) -> Any:
        document = session.document(params, begun)
        return None if document is None else question(document, params)

    return answer


def _function(handler: Any) -> Any:
    """A handler as a function: pygls marks what it calls, and a method cannot be marked."""

    def answer(params: Any) -> Any:
        return handler(params)

    return answer
