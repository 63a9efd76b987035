"""The reference stage: one code base, three roles (`api`, `worker`, `internal`)."""
