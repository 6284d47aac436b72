"""Pages of access: the call centre's networks, IDs of the core system, retention."""
