"""The rules, by topic: pure functions over values. They touch no socket, file or clock."""
