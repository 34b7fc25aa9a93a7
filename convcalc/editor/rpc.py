"""JSON-RPC as its specification has it: every request is answered, one that cannot be read too.

The protocol's library tells people of such a request and leaves the editor to wait for its answer.
"""

import logging
from typing import Any

from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInvalidRequest,
    JsonRpcMethodNotFound,
    JsonRpcParseError,
)
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol

_LOG = logging.getLogger("pygls.rpc")  #: with the library's own
_EXIT = "exit"
_VERSION = "2.0"


class Server(LanguageServer):  # type: ignore[misc]  # untyped
    """The library's server; what is no JSON is answered, as far as that can be."""

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Answer a message without structure, which nobody knows the number of."""
        if source is JsonRpcException and isinstance(error, ValueError | RecursionError):
            self.protocol.refuse(None, JsonRpcParseError("Parse Error: a message is no JSON"))
            return
        super().report_server_error(error, source)


class Protocol(LanguageServerProtocol):  # type: ignore[misc]  # untyped
    """The library's protocol, with an error for each request that it passes over."""

    def structure_message(self, data: dict[str, Any]) -> Any:
        """The record of a message, `_Done` of one that is answered here or asks for no answer."""
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if "method" not in data:
                raise
            method, number = data["method"], data.get("id")
            known = isinstance(method, str) and self.get_message_type(method) is not None
            if "id" not in data:
                if known:  # of others nobody has to know
                    raise
            elif not isinstance(method, str) or not isinstance(number, int | str):
                self.refuse(number, JsonRpcInvalidRequest("Invalid Request: its method or id"))
            else:
                self.refuse(number, error if known else JsonRpcMethodNotFound.of(method))
            return _Done()

    def handle_message(self, message: Any) -> None:
        """Handle a message, or say why it is none that can be handled now."""
        if isinstance(message, _Done):
            return
        if not hasattr(message, "jsonrpc"):
            _LOG.warning("a message that is not JSON-RPC 2.0")
            number = message.get("id") if isinstance(message, dict) else None
            self.refuse(number, JsonRpcInvalidRequest("Invalid Request: not JSON-RPC 2.0"))
            return
        asks = hasattr(message, "id") and hasattr(message, "method")
        if asks and message.jsonrpc != _VERSION:
            self.refuse(message.id, JsonRpcInvalidRequest("Invalid Request: not JSON-RPC 2.0"))
        elif asks and self._shutdown and message.method != _EXIT:
            self.refuse(message.id, JsonRpcInvalidRequest("Invalid Request: the server shuts down"))
        else:
            super().handle_message(message)

    def refuse(self, number: object, error: JsonRpcException) -> None:
        """Answer a request with an error; one without a usable number with null for it."""
        if not isinstance(number, int | str):
            number = None  # which the library's own record of an answer leaves out
        said = {"code": error.code, "message": error.message}
        self._send_data({"jsonrpc": _VERSION, "id": number, "error": said})


class _Done:
    """A message that is answered, or needs no answer."""
