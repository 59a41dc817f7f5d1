"""What levels are called, and what they mean for each thing that is followed."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from .models import Level

LABELS: dict[Level, LazyString] = {
    Level.WATCHING: _l("Watching"),
    Level.WATCHING_FIRST: _l("Watching first posts"),
    Level.TRACKING: _l("Tracking"),
    Level.NORMAL: _l("Normal"),
    Level.MUTED: _l("Muted"),
}
OF_PEOPLE: dict[Level, LazyString] = {
    Level.WATCHING_FIRST: _l("Following"),
    Level.NORMAL: _l("Not following"),
    Level.MUTED: _l("Muted"),
}
# A thread has one first post, and whoever looks at it has been told of it or not.
OF_THREADS: dict[Level, LazyString] = {
    level: label for level, label in LABELS.items() if level is not Level.WATCHING_FIRST
}

AROUND = {
    Level.WATCHING: _l("You are told of every post."),
    Level.WATCHING_FIRST: _l("You are told of new threads."),
    Level.TRACKING: _l("It stands in your list. You are told when somebody mentions you."),
    Level.NORMAL: _l("You are told when somebody mentions you."),
    Level.MUTED: _l("You are never told of anything here, unless you take part in a thread."),
}
IN_THREAD = {
    Level.WATCHING: _l("You are told of every reply."),
    Level.TRACKING: _l("It stands in your list. You are told when somebody mentions you."),
    Level.NORMAL: _l("You are told when somebody mentions you."),
    Level.MUTED: _l("You are never told of anything here."),
}
ABOUT_PERSON = {
    Level.WATCHING_FIRST: _l("You are told of their new threads and accepted answers."),
    Level.NORMAL: _l("They are to you like everybody else."),
    Level.MUTED: _l("Their posts are folded, and you are told of nothing they do. They do not learn of it."),
}
