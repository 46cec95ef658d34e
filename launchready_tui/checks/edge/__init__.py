"""Checks of what stands in front of the site: `edge.*`."""
