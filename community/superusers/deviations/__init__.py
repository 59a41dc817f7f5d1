"""Rules broken on purpose: on the record, looked at by somebody else, and the rule changed where it was the rule."""
