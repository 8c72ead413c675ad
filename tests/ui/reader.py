"""A reader without a browser, for load tests: it speaks the protocol of the page."""

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

_QUESTION = re.compile(r"You asked: </span>(.*?)</div>", re.DOTALL)
_ANSWERED = ('class="claim"', 'class="not-found"', 'class="notice', 'class="total"')


class Reader:
    """One session. ``seen`` contains every question shown on its page, as HTML."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self._socket = socket
        self._box = ""
        self.seen: set[str] = set()

    async def open(self) -> None:
        """Draw the page for the first time."""
        await self._run(BackMsg())

    async def ask(self, question: str) -> float:
        """Ask, and return the seconds until the first claim, "not found", notice or total."""
        message = BackMsg()
        widget = message.rerun_script.widget_states.widgets.add()
        widget.id = self._box
        widget.chat_input_value.data = question
        return await self._run(message)

    async def _run(self, message: BackMsg) -> float:
        """Run the script of the page to its end; seconds until the first claim, 0 without one."""
        message.rerun_script.query_string = ""
        began = time.perf_counter()
        first = 0.0
        await self._socket.send(message.SerializeToString())
        async for data in self._socket:
            received = ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode())
            element = received.delta.new_element
            if element.WhichOneof("type") == "chat_input":
                self._box = element.chat_input.id
            elif element.WhichOneof("type") == "html":
                self.seen.update(_QUESTION.findall(element.html.body))
                if not first and any(mark in element.html.body for mark in _ANSWERED):
                    first = time.perf_counter() - began
            if received.WhichOneof("type") == "script_finished":
                break
        return first


@asynccontextmanager
async def reader(address: str) -> AsyncIterator[Reader]:
    """A new session at this address, with its page drawn."""
    socket = websockets.connect(
        f"{address.replace('http', 'ws', 1)}/_stcore/stream",
        subprotocols=["streamlit"],
        max_size=None,
    )
    async with socket as opened:
        session = Reader(opened)
        await session.open()
        yield session
