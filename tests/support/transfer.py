"""A community with rows that guards protect, its export, and exports that were tampered with."""

from __future__ import annotations

import hashlib
import json
import uuid
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from civicforum.database import Base, db
from civicforum.people.models import Community
from civicforum.transfer import services
from civicforum.transfer.exporting import Written, write_community
from civicforum.transfer.tables import INCLUDED, order_columns
from tests.factories import NOW, actor_of, make_person


def export_to(path: Path, community_id: uuid.UUID, *, identity_key: str = "key") -> Written:
    """Write a community's export as the command does, without the entry in the journal."""
    with path.open("wb") as file:
        return write_community(
            db.engine,
            file,
            community_id=community_id,
            identity_key=identity_key,
            now=NOW,
            report=lambda _done, _whole, _rows: None,
        )


def all_rows(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of the tables that travel, in the order of their keys."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: [
                tuple(row) for row in connection.execute(select(table).order_by(*order_columns(table)))
            ]
            for table in Base.metadata.sorted_tables
            if table.name in INCLUDED
        }


def read_members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(
    path: Path, target: Path, change: Callable[[dict[str, Any], dict[str, list[dict[str, Any]]]], None]
) -> Path:
    """Write a copy of an export whose manifest and rows `change` has altered, with hashes that fit again."""
    members = read_members(path)
    manifest = json.loads(members.pop("manifest.json"))
    rows = {
        table["name"]: [json.loads(line) for line in members[f"tables/{table['name']}.jsonl"].splitlines()]
        for table in manifest["tables"]
    }
    change(manifest, rows)
    files = {name: b"".join(json.dumps(row).encode() + b"\n" for row in some) for name, some in rows.items()}
    manifest["tables"] = [
        {"name": name, "rows": len(rows[name]), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in files.items()
    ]
    packed = {f"tables/{name}.jsonl": content for name, content in files.items()}
    return pack(target, {**packed, "manifest.json": json.dumps(manifest).encode()})


def pack(target: Path, members: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target


def ask_for_deletion(community: Community, *, now: datetime = NOW) -> uuid.UUID:
    """Let a resident without a sign-in ask to be forgotten; return the request, whose pages then exist."""
    person = make_person(community)
    return services.ask_deletion(actor=actor_of(person), keeps_texts=True, now=now)
