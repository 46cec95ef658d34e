"""What runs: what a count of samples proves."""
