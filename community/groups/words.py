"""Words for how groups are set, and where people stand in them."""

from flask_babel import lazy_gettext as _l

from .models import Calling, Joining, ListSight, MemberState, Right, Sight

JOINING = {
    Joining.OPEN.value: _l("Everybody who wants to"),
    Joining.REQUEST.value: _l("By asking; its owners decide"),
    Joining.INVITATION.value: _l("By invitation"),
    Joining.AUTOMATIC.value: _l("By rules, automatically"),
}
SIGHT = {
    Sight.EVERYBODY.value: _l("Everybody"),
    Sight.MEMBERS.value: _l("Everybody who is signed in"),
    Sight.HIDDEN.value: _l("Its own people only"),
}
LIST_SIGHT = {
    ListSight.EVERYBODY.value: _l("Whoever sees the group"),
    ListSight.MEMBERS.value: _l("Its members"),
    ListSight.OWNERS.value: _l("Its owners"),
}
CALLING = {
    Calling.NOBODY.value: _l("Nobody"),
    Calling.MEMBERS.value: _l("Its members"),
    Calling.STAFF.value: _l("Its members, super users and staff"),
    Calling.EVERYBODY.value: _l("Everybody who is signed in"),
}
STATES = {
    MemberState.MEMBER.value: _l("You are a member"),
    MemberState.ASKED.value: _l("You asked to join"),
    MemberState.INVITED.value: _l("You are invited"),
}
RIGHTS = {
    Right.READ.value: _l("Read threads"),
    Right.REPLY.value: _l("Reply"),
    Right.START.value: _l("Begin threads"),
    Right.MODERATE.value: _l("Moderate"),
    Right.MANAGE.value: _l("Manage the space"),
}
