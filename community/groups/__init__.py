"""Groups of members: how one joins, who sees and calls them, and the rights that spaces give them."""
