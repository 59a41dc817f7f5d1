"""Announcements that happen at a time: planned maintenance, a gathering. With calendars of them."""
