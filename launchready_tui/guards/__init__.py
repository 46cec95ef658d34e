"""The guards: what keeps a change, a secret or a missing setting from doing harm. No Textual."""
