"""The application with its answers kept, which all other tests do without."""

from __future__ import annotations

import pytest
from flask import Flask

from civicforum.kept.answering import EXTENSION, MOST_BYTES
from civicforum.kept.store import Store


@pytest.fixture
def kept(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Store:
    store = Store(MOST_BYTES)
    monkeypatch.setitem(app.extensions, EXTENSION, store)
    return store
