"""A reader without a browser: the page's own protocol over its web socket, for measuring load."""

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
    """One session. ``seen`` holds every question that its page has shown, as markup."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self._socket = socket
        self._box = ""
        self.seen: set[str] = set()

    async def open(self) -> None:
        """Draw the page for the first time."""
        await self._run(BackMsg())

    async def ask(self, question: str) -> float:
        """Ask; seconds until the first claim, or what stands in its place, is sent."""
        message = BackMsg()
        widget = message.rerun_script.widget_states.widgets.add()
        widget.id = self._box
        widget.chat_input_value.data = question
        return await self._run(message)

    async def _run(self, message: BackMsg) -> float:
        """Run the page's script to its end; seconds to the first claim drawn, 0 without one."""
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
    """A new session at this address, its page drawn."""
    socket = websockets.connect(
        f"{address.replace('http', 'ws', 1)}/_stcore/stream",
        subprotocols=["streamlit"],
        max_size=None,
    )
    async with socket as opened:
        session = Reader(opened)
        await session.open()
        yield session
