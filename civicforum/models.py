"""Every table in one import, for migrations and for relationships named by text."""

import civicforum.accounts.models
import civicforum.accounts.second_factor_models
import civicforum.appraisals.models
import civicforum.backup.models
import civicforum.bodies.models
import civicforum.departments.models
import civicforum.drafts.models
import civicforum.elections.models
import civicforum.inbox.models
import civicforum.matters.models
import civicforum.meetings.models
import civicforum.moderation.models
import civicforum.notices.models
import civicforum.people.models
import civicforum.polls.models
import civicforum.ratings.models
import civicforum.records.models
import civicforum.registers.models
import civicforum.registers.models_deputies
import civicforum.reports.models
import civicforum.reserve.models
import civicforum.statements.models
import civicforum.supervision.models
import civicforum.transfer.models  # noqa: F401
