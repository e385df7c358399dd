"""The application for any WSGI server (`app:app`); run as a script, it does what `civicforum serve` does."""

from __future__ import annotations

from civicforum import create_app

if __name__ == "__main__":
    from civicforum.cli import main

    main(["serve"])
else:
    app = create_app()
