"""The identity service of the platform: log in, get a token, have it checked."""
