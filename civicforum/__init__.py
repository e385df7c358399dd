"""civicforum: self-hosted deliberation and voting for urban residents' communities."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from civicforum.config import Settings

__version__ = "0.1.0"


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application: settings, database, the pages of every feature.

    Raises AccessNotStated when an endpoint does not say who may reach it.
    """
    # Imported here, so that the libraries in this package can be used without Flask.
    from flask import Flask

    from civicforum import accounts, assets, error_pages, inbox, kept, layout, logs, security
    from civicforum.access import check_access_stated
    from civicforum.blueprints import blueprints
    from civicforum.config import ROOT, flask_config, read_settings
    from civicforum.database import db, migrate
    from civicforum.operating.requests import init_app as watch_requests

    settings = settings or read_settings()
    logs.init_logging(settings)
    app = Flask(__name__, template_folder=str(ROOT / "templates"))
    app.config.update(flask_config(settings))
    # An address typed with or without its last slash is the same page.
    app.url_map.strict_slashes = False
    if settings.database_url is None:
        from civicforum import embedded

        app.config["SQLALCHEMY_DATABASE_URI"] = embedded.start(settings.instance)

    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    watch_requests(app)
    security.init_app(app)
    assets.init_app(app)
    kept.init_app(app)
    layout.init_app(app)
    error_pages.init_app(app)
    accounts.init_app(app)
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    check_access_stated(app)
    inbox.init_app(app)
    return app
