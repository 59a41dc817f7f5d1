"""The programme of super users at one glance, for its owner: who could join, who carries what, where nobody is."""
