"""The goal for a rollback (target T5): a bad version is gone from production within 15 minutes."""

MOST_MINUTES = 15
MOST_SECONDS = MOST_MINUTES * 60
