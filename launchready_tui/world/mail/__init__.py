"""Messages that arrived, and the inboxes that hold them."""
