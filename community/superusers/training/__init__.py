"""Check-lists by role: what somebody who takes something on should know, ticked off by themselves."""
