"""Groups that were mentioned: who hears of it, and the inbox in which a group keeps what it is asked."""
