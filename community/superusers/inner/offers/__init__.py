"""Invitations to tests, demos, user stories and requirements: places, sign-up, feedback, thanks."""
