"""Looking after who joins: registrations that wait, invitations, rules about addresses and networks."""
