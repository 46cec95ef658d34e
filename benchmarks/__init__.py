"""Scripts that print ratios, measured side by side in one run. None of them is a timed test."""
