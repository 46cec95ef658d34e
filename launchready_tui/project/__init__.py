"""The founder's file: `model` is what it holds, `file` reads and saves it, `history` undoes."""
