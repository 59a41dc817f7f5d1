"""Gatherings of super users: invitations with calendars, replies, who was there, what follows."""
