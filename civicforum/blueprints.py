"""The pages of the application, feature by feature."""

from __future__ import annotations

from flask import Blueprint


def blueprints() -> list[Blueprint]:
    """Return every blueprint; a new feature adds its line here."""
    from civicforum.accounts.desk_views import bp as desk
    from civicforum.accounts.second_factor_desk_views import bp as second_factor
    from civicforum.accounts.views import bp as accounts
    from civicforum.api.views import bp as api
    from civicforum.api.views import page_bp as open_data
    from civicforum.appraisals.views import bp as appraisals
    from civicforum.bodies.views import bp as bodies
    from civicforum.departments.views import bp as departments
    from civicforum.dossiers.views import bp as dossiers
    from civicforum.drafts.views import bp as drafts
    from civicforum.elections.views import bp as elections
    from civicforum.inbox.views import bp as inbox
    from civicforum.lawbook.views import bp as rules
    from civicforum.matters.views import bp as matters
    from civicforum.meetings.views import bp as meetings
    from civicforum.moderation.views import bp as moderation
    from civicforum.notices.views import bp as notices
    from civicforum.operating.views import bp as operating
    from civicforum.people.import_views import bp as people
    from civicforum.polls.views import bp as polls
    from civicforum.preferences import bp as preferences
    from civicforum.ratings.views import bp as ratings
    from civicforum.records.views import bp as records
    from civicforum.registers.views import bp as registers
    from civicforum.reports.views import bp as reports
    from civicforum.reserve.views import bp as reserve
    from civicforum.statements.views import bp as statements
    from civicforum.supervision.views import bp as supervision
    from civicforum.transfer.views import bp as transfer

    return [
        accounts,
        api,
        appraisals,
        bodies,
        departments,
        desk,
        dossiers,
        drafts,
        elections,
        inbox,
        matters,
        meetings,
        moderation,
        notices,
        open_data,
        operating,
        people,
        polls,
        preferences,
        ratings,
        records,
        registers,
        reports,
        reserve,
        rules,
        second_factor,
        statements,
        supervision,
        transfer,
    ]
