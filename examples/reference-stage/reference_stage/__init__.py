"""The reference stage: one code base, one module for each role."""
