"""The founder's file: read, changed, saved, and never lost.

`model` is what the file holds, `file` finds, reads and saves it, `errors` says what went wrong.
`change` makes another project from one, `history` takes changes back, `nodes` merges two.
`file` rests on `tidy` (safe text), `explain` (errors in words), `layout`, `edit` and `render`
(changes in the text), and `disk` (the lock, and replacing a file whole).
"""
