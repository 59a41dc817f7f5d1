"""Members, their sign-ins and what they may do."""
