"""Schemathesis runs the OpenAPI document against the application: no 5xx, no answer it does not know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from flask import Flask
from schemathesis.config import SchemathesisConfig
from schemathesis.openapi import from_dict

from civicforum.api.kinds import ONES, One
from civicforum.api.openapi import document
from civicforum.database import db
from tests.support.open_data import fill

CONFIG = {
    "generation": {"max-examples": 5, "deterministic": True, "database": "none", "no-shrink": True},
    # 422: a well-formed cursor need not be one that a list gave. 404: an id of the right form names nothing.
    "checks": {"positive_data_acceptance": {"expected-statuses": [200, 304, 404, 422]}},
}


class Served:
    """The application under test, which there is only once the tests run."""

    app: Flask

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        return self.app(environ, start_response)


served = Served()
schema = from_dict(document(), config=SchemathesisConfig.from_dict(CONFIG))
schema.app = served


@pytest.fixture(scope="module", autouse=True)
def _filled(make_database: Callable[[str], str], make_app: Callable[[str], Flask], template: str) -> None:
    served.app = make_app(make_database(template))
    with served.app.app_context():
        fill(whole=True)
        db.session.remove()


@schema.parametrize()
def test_every_answer_is_one_that_the_document_knows(case: schemathesis.Case) -> None:
    case.call_and_validate()


@pytest.mark.parametrize("one", ONES, ids=lambda one: one.name)
def test_every_thing_that_a_list_names_fits_its_schema(one: One[Any]) -> None:
    listed = served.app.test_client().get(f"/api/v1/{one.of}").get_json()["items"]
    operation = schema[f"/api/v1/{one.of}/{{key}}"]["GET"]

    for found in listed:
        operation.Case(path_parameters={"key": found["id"]}).call_and_validate()


def test_the_document_is_valid_openapi() -> None:
    schema.validate()
