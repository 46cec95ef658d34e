"""The content of this package holds a mistake in its line 3."""
