"""What waitress answers by itself to requests that never reach the app, with the headers of all other answers."""

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import ErrorTask

from ticket_form.headers import BARE


class Refusal(ErrorTask):
    """The answer to what is no proper request."""

    def execute(self) -> None:
        """Answer."""
        self.response_headers = [*self.response_headers, *BARE.items()]
        super().execute()


class Parser(HTTPRequestParser):
    """Reads a request, but none of which a proxy before us may see another end than we do."""

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head."""
        super().parse_header(header_plus)
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Content-Length and Transfer-Encoding cannot both be given.")


class Channel(HTTPChannel):
    """A connection whose refusals are ours, and which ends with its answer once the server takes no more."""

    error_task_class = Refusal
    parser_class = Parser

    def service(self) -> None:
        """Answer a request; without the end said here, busy visitors would keep a stopping server up."""
        if not self.server.accepting:
            request = self.requests[0]
            request.headers = {**request.headers, "CONNECTION": "close"}
        super().service()
