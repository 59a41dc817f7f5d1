"""The programme of super users: appointments, agreements, rosters."""
