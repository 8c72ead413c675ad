"""The live build of an index, opened again when a newer one has gone live."""

import threading

from rag.address import IndexAddress
from rag.api import Index, current_build
from rag.config import Settings, load_settings


class LiveIndex:
    """An index that many threads ask; each gets the newest open build.

    Parameters
    ----------
    path
        Folder of the index; None for that of the settings.
    settings
        None for the settings in force.
    lexical
        Search by words alone; no model is loaded.
    """

    def __init__(
        self,
        path: IndexAddress | str | None = None,
        *,
        settings: Settings | None = None,
        lexical: bool = False,
    ) -> None:
        self._settings = settings or load_settings()
        self._path = path if path is not None else self._settings.index
        self._lexical = lexical
        self._opened: Index | None = None
        self._opening = threading.Lock()

    @property
    def opened(self) -> bool:
        """Whether a build is open."""
        return self._opened is not None

    @property
    def built(self) -> bool:
        """Whether there is a build."""
        return current_build(self._path) is not None

    def get(self) -> Index:
        """The live build. While a newer one is opened, the others get the older one.

        Raises
        ------
        RagError
            If there is no build, or it cannot be opened.
        """
        live = current_build(self._path)
        opened = self._opened
        if opened is not None and opened.build == live:
            return opened
        if not self._opening.acquire(blocking=opened is None):
            assert opened is not None
            return opened
        try:
            if self._opened is None or self._opened.build != live:
                self._opened = Index.open(
                    self._path, settings=self._settings, lexical=self._lexical
                )
            return self._opened
        finally:
            self._opening.release()
