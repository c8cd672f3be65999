"""The families of resources, one module each, found by scanning: ``ROUTES``. A new one is a new file here."""

from __future__ import annotations

import functools
import importlib
import pkgutil

from exchange_sandbox.graph.routing import Route


@functools.cache
def scan() -> tuple[Route, ...]:
    """All routes."""
    found: list[Route] = []
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        found += getattr(module, "ROUTES", ())
    return tuple(found)
