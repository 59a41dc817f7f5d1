"""What was done to threads, in words for their record."""

from flask_babel import lazy_gettext as _l

from .. import events

RECORDED = {
    events.ThreadPinned.name: _l("Pinned"),
    events.ThreadUnpinned.name: _l("No longer pinned"),
    events.ThreadMoved.name: _l("Moved to another space"),
    events.ThreadSplit.name: _l("Replies split off"),
    events.ThreadMerged.name: _l("Merged"),
    events.ThreadMarkedDuplicate.name: _l("Closed as a duplicate"),
    events.ThreadUnmarkedDuplicate.name: _l("No duplicate after all"),
    events.ThreadClosed.name: _l("Closed"),
    events.ThreadReopened.name: _l("Reopened"),
    events.ThreadSlowed.name: _l("Time between two posts changed"),
    events.ThreadHidden.name: _l("Hidden"),
    events.ThreadRestored.name: _l("Shown again"),
    events.PostHidden.name: _l("A post hidden"),
    events.PostRestored.name: _l("A post shown again"),
    events.ThreadRestricted.name: _l("Restricted to its author and the service desk"),
    events.ThreadUnrestricted.name: _l("No longer restricted"),
}
