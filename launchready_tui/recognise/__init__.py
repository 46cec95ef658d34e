"""Who is this? Hosting platforms, mail senders, and which names can be registered."""
