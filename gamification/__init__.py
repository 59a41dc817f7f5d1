"""Recognition: points, levels and badges, all derived from a ledger of facts."""
