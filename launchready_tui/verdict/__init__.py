"""What it all means: words for an outcome, states, risk order, targets, the launch verdict."""
