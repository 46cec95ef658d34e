"""The screens: each shows a frozen state and posts messages. No logic lives here."""
