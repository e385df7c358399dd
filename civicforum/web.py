"""How the web server runs this application: read by gunicorn (`--config python:civicforum.web`).

The application is loaded once, and each process of the server is a copy of it: they start sooner and share
its memory. Nothing that belongs to one process alone, a connection or a thread, is made before the copy.
"""

from __future__ import annotations

import gc
from typing import Any

from civicforum.garbage import collect_rarely

preload_app = True
# Read before the application is loaded.
collect_rarely()


def when_ready(_server: Any) -> None:
    """Keep what is loaded out of the search for garbage, which would write to every shared page of memory."""
    gc.collect()
    gc.freeze()


def post_worker_init(worker: Any) -> None:
    """Set up what each process has for itself, once gunicorn has set its own signals."""
    from civicforum.serve import begin_process

    begin_process(worker.wsgi)
