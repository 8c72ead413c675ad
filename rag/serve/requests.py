"""What clients send. A value of another type is refused, and so is an unknown key."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

_DATE = r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
_SAYS = r"[^\s\x00-\x1f\x7f-\x9f]"
"""One character that can be seen."""
_MOST_HISTORY = 20

Question = Annotated[
    str,
    Field(
        min_length=1,
        pattern=_SAYS,
        description="A question or keywords, as typed; at most `max_question` characters.",
        examples=["what does Binance say about user asset safety?"],
    ),
]
CollectionName = Annotated[
    str | None,
    Field(
        description="Name of the collection; without it the first one that the caller may read.",
        examples=["enforcement-rag"],
    ),
]
Values = str | list[str]
Preference = Literal["date", "agency", "speaker", "latest", "amount", "focus", "wording", "first"]


def _whole(value: Any) -> Any:
    """JSON writes a whole number as 8 or as 8.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class Strict(BaseModel):
    """A body whose values have exactly these types."""

    model_config = ConfigDict(extra="forbid", strict=True)


class FilterSet(Strict):
    """Which documents are searched; a document must meet all conditions."""

    agency: Values | None = Field(None, examples=["SEC"])
    type: Values | None = Field(None, examples=[["complaint", "order"]])
    document: Values | None = Field(None, description="Ids of documents.")
    date_from: str | None = Field(None, pattern=_DATE, examples=["2019"])
    date_to: str | None = Field(None, pattern=_DATE, examples=["2023-06-30"])


class AskBody(Strict):
    """A question."""

    question: Question
    history: list[Question] = Field(
        default_factory=list,
        max_length=_MOST_HISTORY,
        description="The earlier questions of the conversation, oldest first.",
    )
    filters: FilterSet | None = None
    ignore: list[Preference] = Field(
        default_factory=list, max_length=10, description="Kinds of preferences to ignore."
    )
    collection: CollectionName = None


class RetrieveBody(AskBody):
    """A question for passages."""

    k: Annotated[int, BeforeValidator(_whole)] = Field(
        8, ge=1, le=100, description="At most this many passages."
    )


class SumsBody(Strict):
    """A question over many documents."""

    question: Annotated[
        str, Field(min_length=1, pattern=_SAYS, examples=["largest penalties in 2023"])
    ]
    history: list[Question] = Field(default_factory=list, max_length=_MOST_HISTORY)
    filters: FilterSet | None = None
    collection: CollectionName = None


class Message(BaseModel):
    """A message of a chat."""

    model_config = ConfigDict(extra="allow", strict=True)

    role: str = Field(examples=["user"])
    content: str | list[dict[str, Any]] | None = Field(
        None, examples=["what does Binance say about user asset safety?"]
    )

    @property
    def text(self) -> str:
        """The text of the message, without its pictures and files."""
        if isinstance(self.content, list):
            parts = (part.get("text") for part in self.content if part.get("type") == "text")
            return "\n".join(part for part in parts if isinstance(part, str))
        return self.content or ""


class StreamOptions(BaseModel):
    """Options of a streamed reply."""

    model_config = ConfigDict(extra="allow", strict=True)

    include_usage: bool | None = None


class ChatBody(BaseModel):
    """A chat, as OpenAI's clients send it. What a language model would need is ignored."""

    model_config = ConfigDict(extra="allow", strict=True)

    model: str = Field(examples=["enforcement-rag"], description="Name of the collection.")
    messages: list[Message] = Field(min_length=1)
    stream: bool | None = None
    stream_options: StreamOptions | None = None
