"""The folders of a mailbox as one listing shows them: paths to ids, and back. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ackd.mailbox import folder_names

DEEPEST = 300  # Exchange's own limit
SHOWN = 20


class Tree:
    """Folders below the mailbox's root, by id: name and parent; and the ids of those that every mailbox has,
    by their names in EWS."""

    def __init__(self, listed: Mapping[str, tuple[str, str]], standard: Mapping[str, str]) -> None:
        self._listed = listed
        self.standard = standard
        self._children: dict[str, list[str]] = {}
        for own_id, (_, parent) in listed.items():
            self._children.setdefault(parent if parent in listed else "", []).append(own_id)

    def __contains__(self, own_id: object) -> bool:
        return own_id in self._listed or own_id in self.standard.values()

    def seen(self, own_id: str) -> tuple[str, str]:
        """A folder's name and what it lies in; nothing where the listing doesn't show it."""
        return self._listed.get(own_id, ("", ""))

    def find(self, path: str) -> str | None:
        """The folder that a path means. `Inbox` at its beginning is always the mailbox's own, whatever it
        is called there; else the names as they are shown come first, then those of other languages. A slash
        may be part of a name; backslashes may stand between names, as Outlook shows them."""
        parts = folder_names.parts(path)
        return (
            self._by_parts(parts)
            or self._by_whole(path)
            or (self._by_parts(folder_names.parts(path.replace("\\", "/"))) if "\\" in path else None)
        )

    def _by_parts(self, parts: Sequence[str]) -> str | None:
        return next(iter(self._below(parts)), None)

    def _below(self, parts: Sequence[str]) -> Iterator[str]:
        if not parts:
            return
        first, *rest = parts
        for top in self._tops(first):
            at: str | None = top
            for part in rest:
                inside = self._children.get(at or "", ())
                at = next((one for one in inside if folder_names.plain(self.seen(one)[0]) == part), None)
                if at is None:
                    break
            if at is not None:
                yield at

    def _tops(self, name: str) -> Iterator[str]:
        own = self.standard.get(folder_names.INBOX)
        if name == folder_names.INBOX and own:
            yield own
        yield from (
            one for one in self._children.get("", ()) if folder_names.plain(self.seen(one)[0]) == name
        )
        meant = self.standard.get(folder_names.meant(name) or "")
        if meant:
            yield meant

    def _by_whole(self, path: str) -> str | None:
        """A path in whose names slashes stand unmarked."""
        wanted = folder_names.plain(path)
        inbox = self.standard.get(folder_names.INBOX, "")
        for own_id in self._listed:
            names = self._names(own_id)
            shown = {"/".join(names)}
            if self._line(own_id)[-1] == inbox:
                shown.add("/".join([folder_names.INBOX, *names[1:]]))
            if wanted in map(folder_names.plain, shown):
                return own_id
        return None

    def path(self, own_id: str) -> str:
        """As the mailbox shows it, a slash in a name marked."""
        return "/".join(name.replace("/", "\\/") for name in self._names(own_id))

    def is_trashed(self, own_id: str) -> bool:
        """Whether the owner deleted it: it lies in Deleted Items."""
        return self.standard.get("deleteditems") in self._line(own_id)

    def is_junk(self, own_id: str) -> bool:
        """Whether it is Junk Email or lies in it, in whatever language."""
        return self.standard.get("junkemail") in self._line(own_id)

    def filed(self) -> list[str]:
        """The folders in which somebody keeps mail that came: no drafts, nothing sent, junk or deleted."""
        others = set(self.standard.values()) - {self.standard.get(folder_names.INBOX)}
        return [own_id for own_id in self._listed if others.isdisjoint(self._line(own_id))]

    def near(self, path: str) -> str:
        """Folders that may have been meant: those with the same last name first."""
        last = (folder_names.parts(path) or ("",))[-1]
        paths = sorted(self.path(one) for one in self._listed)
        return ", ".join(sorted(paths, key=lambda one: last not in folder_names.plain(one))[:SHOWN])

    def _names(self, own_id: str) -> list[str]:
        return [self.seen(one)[0] for one in reversed(self._line(own_id))]

    def _line(self, own_id: str) -> list[str]:
        """A folder, what it lies in, and so on to below the root."""
        line = [own_id]
        while len(line) < DEEPEST and (parent := self.seen(line[-1])[1]) in self._listed:
            line.append(parent)
        return line
