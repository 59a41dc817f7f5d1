"""What happened that concerns somebody: in the application's inbox and by mail, as each person chose."""
