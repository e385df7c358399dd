import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from civicforum import logs


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    logger = logging.getLogger("civicforum")
    before, level = list(logger.handlers), logger.level
    yield logger
    for handler in set(logger.handlers) - set(before):
        logger.removeHandler(handler)
        handler.close()
    logger.setLevel(level)


def test_a_sign_in_is_written_once_to_the_file_that_serve_names(
    logger: logging.Logger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "log" / "civicforum.log"
    monkeypatch.setenv(logs.VARIABLE, str(path))
    logs.init_logging()
    logs.init_logging()
    logging.getLogger("civicforum.accounts.services").info("account 1 signed in from 127.0.0.1")
    assert (
        path.read_text(encoding="utf-8").count("INFO civicforum.accounts.services: account 1 signed in") == 1
    )


def test_without_a_file_nothing_is_set_up(logger: logging.Logger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(logs.VARIABLE, raising=False)
    before = list(logger.handlers)
    logs.init_logging()
    assert logger.handlers == before


def test_the_log_lies_in_the_instance_folder_unless_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(logs.VARIABLE, raising=False)
    assert logs.log_file(tmp_path) == tmp_path / "log" / "civicforum.log"
    monkeypatch.setenv(logs.VARIABLE, "/var/log/civicforum.log")
    assert logs.log_file(tmp_path) == Path("/var/log/civicforum.log")
