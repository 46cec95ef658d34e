"""Pages, what they lead to, and robots.txt."""
