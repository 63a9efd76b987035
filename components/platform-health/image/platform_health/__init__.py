"""Tells whether the platform and the stages attached to it are well."""
