"""Jobs run in the test, in place of a worker."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlalchemy import text

from civicforum.database import db
from civicforum.jobs import load_tasks

TAKE = text(
    """
    DELETE FROM procrastinate_jobs WHERE id = (
        SELECT id FROM procrastinate_jobs
        WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= :now)
        ORDER BY priority DESC, id LIMIT 1
    ) RETURNING task_name, args
    """
)


def run_due_jobs(app: Flask, *, now: datetime) -> int:
    """Run the jobs due at `now`, and those they queue, one after another; return how many."""
    count = 0
    while True:
        with app.app_context():
            job = db.session.execute(TAKE, {"now": now}).one_or_none()
            db.session.commit()
        if job is None:
            return count
        with app.app_context():
            load_tasks()[job.task_name].function(**job.args)
        count += 1
