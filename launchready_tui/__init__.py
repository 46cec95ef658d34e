"""LaunchReady: walks a founder from "it works on my machine" to the first twenty customers."""

__version__ = "0.1.0"
