"""What every room speaks: findings, facts, cleaned text, records. Imports nothing of ours."""
