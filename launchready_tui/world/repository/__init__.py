"""The founder's repository: git, its files, its history, what a scan of it found."""
