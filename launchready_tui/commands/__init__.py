"""The commands: one module each, which parses, calls, prints and gives the exit code."""
