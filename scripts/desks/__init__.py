"""Real service desks for tests and for trying the bridge out: installed once per machine, started on loopback only."""
