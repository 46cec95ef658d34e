"""What goes on while the screens are open, without the screens: saving, looking, errands."""
