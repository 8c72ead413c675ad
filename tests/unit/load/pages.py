"""PDF files made by the tests: text at places, boxes, small print."""

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Text:
    """Words at a place: ``x`` and ``y`` in points from the lower left corner."""

    x: float
    y: float
    words: str
    size: float = 12
    grey: float = 0
    direction: str = "1 0 0 1"
    bold: bool = False

    def turned(self, rotate: int) -> "Text":
        """The same words so that they stand at ``x`` and ``y`` upright once the page is turned."""
        places = {
            0: ("1 0 0 1", self.x, self.y),
            90: ("0 1 -1 0", 612 - self.y, self.x),
            180: ("-1 0 0 -1", 612 - self.x, 792 - self.y),
            270: ("0 -1 1 0", self.y, 792 - self.x),
        }
        direction, x, y = places[rotate]
        return replace(self, direction=direction, x=x, y=y)

    def operators(self) -> str:
        escaped = self.words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        place = f"{self.direction} {self.x} {self.y} Tm"
        font = "F2" if self.bold else "F1"
        return f"BT {self.grey} g /{font} {self.size} Tf {place} ({escaped}) Tj ET"


@dataclass(frozen=True)
class Box:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    grey: float = 0

    def operators(self) -> str:
        return f"{self.grey} g {self.x} {self.y} {self.width} {self.height} re f"


@dataclass(frozen=True)
class Drawing:
    """Operators of a content stream, as they are."""

    content: str

    def operators(self) -> str:
        return self.content


def pdf_of(*pages: Sequence[Text | Box | Drawing], rotate: int = 0) -> bytes:
    """A PDF of US letter pages (612 by 792 points) in Times."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    objects.append(
        "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>"
    )
    objects.append(
        "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Bold /Encoding /WinAnsiEncoding >>"
    )
    kids = []
    for page in pages:
        content = "\n".join(item.operators() for item in page)
        objects.append(stream(content))
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
            f"/Rotate {rotate} /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>"
    return written(objects)


def written(objects: Sequence[str], *, catalog: int = 1) -> bytes:
    """A PDF of ``objects``, numbered from 1."""
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root {catalog} 0 R >>\n"
    return out + f"{trailer}startxref\n{table}\n%%EOF\n".encode()


def stream(content: str, entries: str = "") -> str:
    """A stream object of ``content``."""
    size = len(content.encode("cp1252"))
    return f"<< /Length {size} {entries} >>\nstream\n{content}\nendstream"


def column(x: float, top: float, lines: Sequence[str], *, pitch: float = 14) -> list[Text]:
    """Lines below each other."""
    return [Text(x, top - pitch * index, line) for index, line in enumerate(lines)]
