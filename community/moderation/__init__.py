"""Moderation: flags, one inbox for all that a person must decide, measures with their rule, and appeals."""
