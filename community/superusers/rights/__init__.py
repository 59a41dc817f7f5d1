"""The table of rights by level, appointment and role."""
