"""People and services outside: each channel shows answers and hands on events, nothing more."""
