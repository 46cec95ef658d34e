"""The founder's file: what it holds (`model`), how it is read and saved (`file`), undo (`history`)."""
