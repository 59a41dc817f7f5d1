"""Who is there for a space and when: absences, the weekly roster with swaps, and how much each one carries."""
