"""Keep what was written last, by the tag of what it was made of, so that no process need tell another."""

from collections import OrderedDict
from threading import Lock


class Shelf:
    """What was written last, by its tag; bounded, and no more than a memory of what could be written again."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, Lock()
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    def get(self, tag: str) -> bytes | None:
        """Return what was kept under a tag."""
        with self._lock:
            if tag in self._kept:
                self._kept.move_to_end(tag)
            return self._kept.get(tag)

    def keep(self, tag: str, text: bytes) -> bytes:
        """Keep a text instead of the one that was not asked for for longest; return it."""
        with self._lock:
            self._kept[tag] = text
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return text
